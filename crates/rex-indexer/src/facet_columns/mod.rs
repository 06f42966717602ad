//! TODO

pub(crate) mod builder;
pub(crate) mod interner;

#[cfg(test)]
mod tests;
pub(crate) mod write;
