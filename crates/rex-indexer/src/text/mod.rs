//! TODO

pub(crate) mod pretokenized;
pub(crate) mod token_cache;
