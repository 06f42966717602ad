//! `[searches]` of the configuration: the search log.

use std::path::PathBuf;

use serde::Deserialize;

use crate::failure::UserError;

/// Default: the current month and the twelve before.
const KEEP_MONTHS: u32 = 13;
/// A century.
const MAX_MONTHS: u32 = 1200;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchesSection {
    /// As written; [`super::read`] joins it to the folder of the configuration.
    pub(super) log: Option<PathBuf>,
    keep_months: Option<u32>,
}

/// Where searches are logged, and how long the log is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Searches {
    /// Folder of the log.
    pub(crate) log: PathBuf,
    /// Months to keep, the current one included.
    pub(crate) keep_months: u32,
}

impl SearchesSection {
    /// The search log; `None` if it is off.
    pub(super) fn searches(self) -> Result<Option<Searches>, UserError> {
        let keep_months = self.keep_months.unwrap_or(KEEP_MONTHS);
        if !(1..=MAX_MONTHS).contains(&keep_months) {
            return Err(UserError(format!(
                "[searches] keep_months of the configuration: {keep_months}, expected 1 to {MAX_MONTHS} months"
            )));
        }
        Ok(self.log.map(|log| Searches { log, keep_months }))
    }
}
