//! Corrections of words that no case holds.

pub(crate) mod candidates;
pub(crate) mod did_you_mean;
pub(crate) mod levenshtein;
