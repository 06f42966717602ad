//! Metrics and the search log.

pub(crate) mod metrics;
pub(crate) mod metrics_endpoint;
pub(crate) mod search_log;
pub(crate) mod search_log_month;
