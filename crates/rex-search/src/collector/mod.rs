//! One pass over the matches: hits, total and facet counts together. Also the answers that need no pass, and scans.

pub(crate) mod best_scores;
pub(crate) mod facet_collector;
pub(crate) mod match_all_cache;
pub(crate) mod scan;
pub(crate) mod top_k;
