//! `[search]` of the configuration: how queries are searched.

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchSection {
    meaning: Option<bool>,
}

impl SearchSection {
    /// Whether meaning counts, by default it does.
    pub(super) fn has_meaning(&self) -> bool {
        self.meaning.unwrap_or(true)
    }
}
