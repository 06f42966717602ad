//! Resolves facet values as people type them.

mod likeness;
mod resolve;
mod territory;
mod values;

pub(crate) use resolve::resolve;
pub(crate) use values::{FacetValues, one};
