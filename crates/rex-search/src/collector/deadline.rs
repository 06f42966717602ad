//! The time limit of a search.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// The time by which a search has to be finished; none by default.
///
/// Long loops check it regularly, so that no search outlives its caller for long.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// A deadline this long from now, or none.
    pub(crate) fn within(limit: Option<Duration>) -> Self {
        // Without a limit the clock is not read: `wasm32-unknown-unknown` has none.
        Self(limit.and_then(|limit| Instant::now().checked_add(limit)))
    }

    /// Checks that the deadline has not passed.
    ///
    /// # Errors
    /// [`Error::TimedOut`].
    pub(crate) fn check(self) -> Result<()> {
        match self.0 {
            Some(deadline) if Instant::now() >= deadline => Err(Error::TimedOut),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_a_search_that_is_past_it_and_no_other() {
        assert!(Deadline::default().check().is_ok());
        assert!(Deadline::within(Some(Duration::from_secs(3600))).check().is_ok());
        let past = Deadline::within(Some(Duration::ZERO)).check();
        assert!(matches!(past, Err(Error::TimedOut)));
    }
}
