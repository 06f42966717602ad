//! `[searches]` of the configuration: whether searches are logged.

use std::path::PathBuf;

use serde::Deserialize;

use crate::failure::UserError;

/// A year and the month it began in.
const KEEP_MONTHS: u32 = 13;
/// A century.
const MOST_MONTHS: u32 = 1200;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchesSection {
    /// Relative to the folder of the configuration until it is joined to it.
    pub(super) log: Option<PathBuf>,
    keep_months: Option<u32>,
}

/// Where searches are logged, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Searches {
    /// Folder of the log.
    pub(crate) log: PathBuf,
    /// Months kept, the current one among them.
    pub(crate) keep_months: u32,
}

impl SearchesSection {
    /// The log, if there is to be one.
    pub(super) fn searches(self) -> Result<Option<Searches>, UserError> {
        let keep_months = self.keep_months.unwrap_or(KEEP_MONTHS);
        if !(1..=MOST_MONTHS).contains(&keep_months) {
            return Err(UserError(format!(
                "[searches] keep_months of the configuration: {keep_months}, expected 1 to {MOST_MONTHS} months"
            )));
        }
        Ok(self.log.map(|log| Searches { log, keep_months }))
    }
}
