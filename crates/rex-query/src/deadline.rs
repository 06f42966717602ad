use std::time::{Duration, Instant};

/// The time by which a request has to be answered; none by default.
///
/// It is a point in time, so that all parts of a request share it. Long loops check it regularly, so that no search outlives its
/// caller for long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deadline(Option<Instant>);

/// A deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time is over")]
pub struct DeadlinePassed;

impl Deadline {
    /// No deadline. The clock is never read: `wasm32-unknown-unknown` has none.
    pub const NONE: Self = Self(None);

    /// A deadline this long from now.
    pub fn within(limit: Duration) -> Self {
        // A limit that the clock cannot represent is none.
        Self(Instant::now().checked_add(limit))
    }

    /// The earlier of two deadlines.
    #[must_use]
    pub fn earlier(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(one), Some(other)) => Self(Some(one.min(other))),
            (one, other) => Self(one.or(other)),
        }
    }

    /// Whether it has passed.
    pub fn is_past(self) -> bool {
        self.0.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Checks that it has not passed.
    ///
    /// # Errors
    /// [`DeadlinePassed`].
    pub fn check(self) -> Result<(), DeadlinePassed> {
        if self.is_past() { Err(DeadlinePassed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn ends_a_search_that_is_past_it_and_no_other() {
        assert!(Deadline::NONE.check().is_ok());
        assert!(Deadline::within(HOUR).check().is_ok());
        assert!(Deadline::within(Duration::MAX).check().is_ok());
        assert_eq!(Deadline::within(Duration::ZERO).check(), Err(DeadlinePassed));
    }

    #[test]
    fn the_earlier_deadline_counts() {
        let (soon, late) = (Deadline::within(Duration::ZERO), Deadline::within(HOUR));
        for (one, other) in [
            (soon, late),
            (late, soon),
            (soon, Deadline::NONE),
            (Deadline::NONE, soon),
        ] {
            assert_eq!(one.earlier(other), soon);
        }
        assert_eq!(Deadline::NONE.earlier(Deadline::NONE), Deadline::NONE);
    }
}
