//! The one pass over the matches: hits, total and facet counts together.

pub(crate) mod deadline;
pub(crate) mod facet_collector;
pub(crate) mod match_all_cache;
pub(crate) mod scan;
pub(crate) mod top_k;
