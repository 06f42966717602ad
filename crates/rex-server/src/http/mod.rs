//! The HTTP server: routes, connections, and changing the index while requests come.

pub(crate) mod base_url;
pub(crate) mod hot_swap;
pub(crate) mod problem;
pub(crate) mod router;
pub(crate) mod server;
pub(crate) mod slow_client;
