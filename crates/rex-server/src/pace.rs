//! How long searches take of late: it decides where the next one runs.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Searches that take less on average are run where they are asked for: to hand one over to another thread and to take what it
/// found back costs as much as a tenth of a millisecond where the machine is busy. Should every connection there may be ask at
/// the same moment, the last is answered after some seconds.
const QUICK: Duration = Duration::from_millis(1);
/// The last search counts for one part in so many.
const PARTS: u32 = 32;
/// No search counts for more: one that is very long is enough to wait and see, and is soon forgotten.
const LONGEST: Duration = QUICK.saturating_mul(PARTS);

/// The average of the time that the last searches took, in microseconds; the older, the less they count.
#[derive(Debug)]
pub(crate) struct Pace(AtomicU32);

impl Pace {
    /// Of an index that was not searched yet: nobody knows.
    pub(crate) fn unknown() -> Self {
        Self(AtomicU32::new(2 * QUICK.as_micros() as u32))
    }

    /// A search took so long. Of two that end at the same moment, one may not count.
    pub(crate) fn took(&self, time: Duration) {
        let micros = time.min(LONGEST).as_micros() as u32;
        let before = self.0.load(Ordering::Relaxed);
        self.0
            .store(before - before / PARTS + micros / PARTS, Ordering::Relaxed);
    }

    /// Whether the next search can be expected to be over in no time.
    pub(crate) fn is_quick(&self) -> bool {
        u128::from(self.0.load(Ordering::Relaxed)) < QUICK.as_micros()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_the_last_searches() {
        let pace = Pace::unknown();
        assert!(!pace.is_quick(), "nobody knows");
        for _ in 0..100 {
            pace.took(Duration::from_micros(100));
        }
        assert!(pace.is_quick());
        pace.took(Duration::from_millis(5));
        assert!(pace.is_quick(), "one search among many");
        pace.took(Duration::MAX);
        assert!(!pace.is_quick(), "a very long one");
        for _ in 0..100 {
            pace.took(Duration::from_micros(100));
        }
        assert!(pace.is_quick(), "and it is forgotten");
    }
}
