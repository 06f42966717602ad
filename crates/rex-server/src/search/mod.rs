//! The state of the server, and running searches within its limits.

pub(crate) mod app_state;
pub(crate) mod executor;
pub(crate) mod limits;
pub(crate) mod response_cache;
