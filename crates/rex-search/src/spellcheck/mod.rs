//! Spelling: replacements of words that no case holds, and the rules on typing errors.

pub(crate) mod candidates;
pub(crate) mod did_you_mean;
pub(crate) mod levenshtein;
