//! The HTTP server: connections, routes, index replacement.
//!
//! ```text
//! server ─ slow_client ─ hot_swap ─ router ─ middleware ─ api, pages, meilisearch, site
//! ```

pub(crate) mod base_url;
pub(crate) mod host;
pub(crate) mod hot_swap;
pub(crate) mod problem;
pub(crate) mod router;
pub(crate) mod server;
pub(crate) mod slow_client;
