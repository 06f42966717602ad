//! Facets: filters on values, counts of values, and the values that a response lists.

pub(crate) mod boost;
pub(crate) mod counts;
pub(crate) mod filter;
pub(crate) mod filter_expr;
pub(crate) mod histogram;
pub(crate) mod listing;
pub(crate) mod value_matcher;
pub(crate) mod value_resolver;
pub(crate) mod value_search;
