//! Metrics and the search log.

pub(crate) mod metrics;
pub(crate) mod search_log;
