//! The latency of recent searches, which decides where the next one runs.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Average below which searches run on the worker thread that reads the request. Handing a search to another thread and its
/// result back costs up to 0.1 ms, as much as a search of a small index.
const SHORT: Duration = Duration::from_millis(1);
/// Each search weighs 1/32 in the average.
const PARTS: u32 = 32;
/// Longer searches count as this long: one of them makes the average exceed [`SHORT`], and is soon forgotten.
const LONGEST: Duration = SHORT.saturating_mul(PARTS);

/// Exponential moving average of the search time, in microseconds.
#[derive(Debug)]
pub(crate) struct SearchLatency(AtomicU32);

impl SearchLatency {
    /// The average of an index that was not searched yet; not short.
    pub(crate) fn unknown() -> Self {
        Self(AtomicU32::new(2 * SHORT.as_micros() as u32))
    }

    /// Adds the time of a search. Of two searches that end at the same moment, one may be lost.
    pub(crate) fn record(&self, time: Duration) {
        let micros = time.min(LONGEST).as_micros() as u32;
        let average = self.0.load(Ordering::Relaxed);
        self.0
            .store(average - average / PARTS + micros / PARTS, Ordering::Relaxed);
    }

    /// Whether the average is below [`SHORT`].
    pub(crate) fn is_short(&self) -> bool {
        u128::from(self.0.load(Ordering::Relaxed)) < SHORT.as_micros()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_follows_recent_searches() {
        let latency = SearchLatency::unknown();
        assert!(!latency.is_short(), "unknown");
        for _ in 0..100 {
            latency.record(Duration::from_micros(100));
        }
        assert!(latency.is_short());
        latency.record(Duration::from_millis(5));
        assert!(latency.is_short(), "one long search among many");
        latency.record(Duration::MAX);
        assert!(!latency.is_short(), "a very long one");
        for _ in 0..100 {
            latency.record(Duration::from_micros(100));
        }
        assert!(latency.is_short(), "forgotten");
    }
}
