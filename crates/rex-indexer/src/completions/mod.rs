//! TODO

pub(crate) mod candidates;
pub(crate) mod lossy_counter;
pub(crate) mod ngrams;
pub(crate) mod normalize;
pub(crate) mod write;

#[cfg(test)]
mod read_tests;
