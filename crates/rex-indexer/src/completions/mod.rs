//! Collects and writes completions.
//!
//! ```text
//! record ─ normalize (searchable text, key) ─ ngrams (phrases) ─ lossy_counter per kind ─ candidates ─ write
//! ```

pub(crate) mod candidates;
pub(crate) mod lossy_counter;
pub(crate) mod ngrams;
pub(crate) mod normalize;
pub(crate) mod write;

#[cfg(test)]
mod read_tests;
