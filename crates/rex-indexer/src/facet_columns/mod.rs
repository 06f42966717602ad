//! Builds and writes the facet columns: values are interned as they occur, then sorted, and codes are assigned.

pub(crate) mod builder;
pub(crate) mod interner;

#[cfg(test)]
mod tests;
pub(crate) mod write;
