//! When a search has to end.

use std::time::{Duration, Instant};

use tantivy::TantivyError;

/// The time by which a search has to be done; none by default.
///
/// Long work asks it now and then, and ends where it finds it past: nothing goes on after the caller has given up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Deadline(Option<Instant>);

/// A search was stopped by its deadline.
#[derive(Debug, thiserror::Error)]
#[error("the time of the search is over")]
struct Past;

impl Deadline {
    /// So long from now, where there is a limit at all.
    pub(crate) fn within(limit: Option<Duration>) -> Self {
        // Where there is no limit no clock is asked: a browser may have none.
        Self(limit.and_then(|limit| Instant::now().checked_add(limit)))
    }

    /// Goes on, or ends the search.
    ///
    /// # Errors
    /// A deadline that is past, which [`is_past`] tells from other errors.
    pub(crate) fn check(self) -> tantivy::Result<()> {
        match self.0 {
            Some(deadline) if Instant::now() >= deadline => Err(std::io::Error::other(Past).into()),
            _ => Ok(()),
        }
    }
}

/// Whether an error is that of a deadline.
pub(crate) fn is_past(error: &TantivyError) -> bool {
    let TantivyError::IoError(error) = error else {
        return false;
    };
    let inner = error.get_ref();
    inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<Past>)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_a_search_that_is_past_it_and_no_other() {
        assert!(Deadline::default().check().is_ok());
        assert!(Deadline::within(Some(Duration::from_secs(3600))).check().is_ok());
        let error = Deadline::within(Some(Duration::ZERO)).check().unwrap_err();
        assert!(is_past(&error));
        assert!(!is_past(&std::io::Error::from(std::io::ErrorKind::TimedOut).into()));
    }
}
