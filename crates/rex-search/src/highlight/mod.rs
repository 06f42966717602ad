//! Marks the words found, and picks passages.

pub(crate) mod highlighter;
pub(crate) mod hit_cache;
pub(crate) mod snippet;
