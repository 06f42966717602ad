//! Highlighting: marks in texts, passages, and a cache of analyzed hits.

pub(crate) mod highlighter;
pub(crate) mod hit_cache;
pub(crate) mod snippet;
