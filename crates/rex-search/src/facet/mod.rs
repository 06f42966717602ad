//! FacetColumns: filters, counts, and what an answer lists of them.

pub(crate) mod accumulator;
pub(crate) mod boost;
pub(crate) mod counts;
pub(crate) mod dense_counts;
pub(crate) mod filter;
pub(crate) mod filter_expr;
pub(crate) mod histogram;
pub(crate) mod listing;
pub(crate) mod value_matcher;
pub(crate) mod value_resolver;
pub(crate) mod value_search;
