//! `[generations]` of the configuration: how many to keep, the memory budget of a build, and how often to verify digests.

use std::time::Duration;

use rex_indexer::{KEPT_GENERATIONS, MemoryBudget};
use serde::Deserialize;

use crate::failure::UserError;

/// Bounds of `keep`: at least one generation to serve and one to roll back to.
const KEEP: std::ops::RangeInclusive<usize> = 2..=100;
/// Once a day: disks fail slowly.
const DEFAULT_VERIFY_HOURS: u64 = 24;
/// A year.
const MAX_VERIFY_HOURS: u64 = 8_760;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GenerationsSection {
    keep: Option<usize>,
    memory_mb: Option<usize>,
    verify_hours: Option<u64>,
}

impl GenerationsSection {
    /// Generations to keep, the current one included.
    pub(super) fn keep(&self) -> Result<usize, UserError> {
        let keep = self.keep.unwrap_or(KEPT_GENERATIONS);
        if KEEP.contains(&keep) {
            return Ok(keep);
        }
        Err(UserError(format!(
            "[generations] keep of the configuration: {keep} is out of bounds, expected {} to {}",
            KEEP.start(),
            KEEP.end()
        )))
    }

    /// Memory budget of a build.
    pub(super) fn memory(&self) -> Result<MemoryBudget, UserError> {
        let mb = self.memory_mb.unwrap_or(MemoryBudget::DEFAULT_MB);
        MemoryBudget::of_mb(mb).ok_or_else(|| {
            UserError(format!(
                "[generations] memory_mb of the configuration: {mb} is out of bounds, expected {} to {}",
                MemoryBudget::LEAST_MB,
                MemoryBudget::MOST_MB
            ))
        })
    }

    /// Interval between verifications of all digests; `None` for never.
    pub(super) fn verify_every(&self) -> Result<Option<Duration>, UserError> {
        match self.verify_hours.unwrap_or(DEFAULT_VERIFY_HOURS) {
            0 => Ok(None),
            hours if hours <= MAX_VERIFY_HOURS => Ok(Some(Duration::from_secs(hours * 3_600))),
            hours => Err(UserError(format!(
                "[generations] verify_hours of the configuration: {hours} is out of bounds, expected 0 to {MAX_VERIFY_HOURS}"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_generation_to_go_back_to_is_kept_at_least() {
        let keep = |keep| {
            let section = GenerationsSection {
                keep,
                ..Default::default()
            };
            section.keep().map_err(|error| error.0)
        };
        assert_eq!((keep(None), keep(Some(2))), (Ok(3), Ok(2)));
        let error = keep(Some(1)).unwrap_err();
        assert!(error.ends_with("1 is out of bounds, expected 2 to 100"), "{error}");
    }

    #[test]
    fn the_memory_of_a_build_has_bounds() {
        let memory = |memory_mb| {
            let section = GenerationsSection {
                memory_mb,
                ..Default::default()
            };
            section.memory().map_err(|error| error.0)
        };
        assert_eq!(memory(None), Ok(MemoryBudget::default()));
        assert_eq!(memory(Some(256)).ok(), MemoryBudget::of_mb(256));
        let error = memory(Some(64)).unwrap_err();
        assert!(error.ends_with("64 is out of bounds, expected 256 to 8192"), "{error}");
    }

    #[test]
    fn digests_are_checked_once_a_day_or_never() {
        let every = |verify_hours| {
            let section = GenerationsSection {
                verify_hours,
                ..Default::default()
            };
            section.verify_every().map_err(|error| error.0)
        };
        assert_eq!(every(None), Ok(Some(Duration::from_secs(86_400))));
        assert_eq!(every(Some(0)), Ok(None));
        assert!(every(Some(9_000)).is_err());
    }
}
