//! A duration in months.

/// A duration, renewals included (Code de la commande publique, R2112-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Duration {
    pub(crate) months: u32,
    /// Its terms, if it is a sum: `12, then 3 times 12`.
    pub(crate) made_of: Option<String>,
    /// Why it may be wrong.
    pub(crate) doubt: Option<&'static str>,
}

/// 99 years, the maximum of a record.
pub(crate) const MAX_MONTHS: u32 = 1_188;

pub(crate) const ROUNDED: &str = "rounded to whole months";

/// `base` plus `times` periods of `each`. `None` above the maximum.
pub(crate) fn sum(base: u32, times: u32, each: u32) -> Option<u32> {
    times
        .checked_mul(each)?
        .checked_add(base)
        .filter(|months| *months <= MAX_MONTHS)
}

pub(crate) fn whole(months: f64) -> Option<u32> {
    let rounded = months.round();
    (rounded >= 1.0 && rounded <= f64::from(MAX_MONTHS)).then_some(rounded as u32)
}
