//! TODO

pub(crate) mod highlighter;
pub(crate) mod hit_cache;
pub(crate) mod snippet;
