//! The application state, and the execution of searches within the limits.

pub(crate) mod app_state;
pub(crate) mod executor;
pub(crate) mod latency;
pub(crate) mod limits;
pub(crate) mod response_cache;
