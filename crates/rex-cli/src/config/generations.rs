//! `[generations]` of the configuration: how many are kept, and how often their digests are checked.

use rex_index::KEPT_GENERATIONS;
use serde::Deserialize;

use crate::failure::UserError;

/// Generations that can be kept: one to serve and one to go back to, at least.
const KEEP: std::ops::RangeInclusive<usize> = 2..=100;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GenerationsSection {
    keep: Option<usize>,
}

impl GenerationsSection {
    /// How many generations are kept, the current one among them.
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_generation_to_go_back_to_is_kept_at_least() {
        let keep = |keep| GenerationsSection { keep }.keep().map_err(|error| error.0);
        assert_eq!((keep(None), keep(Some(2))), (Ok(3), Ok(2)));
        let error = keep(Some(1)).unwrap_err();
        assert!(error.ends_with("1 is out of bounds, expected 2 to 100"), "{error}");
    }
}
