//! The `/v1` API: handlers over [`rex_api::Query`] and the search backend.
//!
//! ```text
//! parameters ─ search, suggest, facets, case, similar ─ body
//!              export (csv), feed, health
//! openapi describes them all
//! ```

mod body;
mod case;
mod csv;
mod export;
mod facets;
mod feed;
mod health;
mod openapi;
mod parameters;
mod printable;
mod search;
mod similar;
mod suggest;

pub(crate) use case::case;
pub(crate) use export::export;
pub(crate) use facets::facet;
pub(crate) use feed::feed;
pub(crate) use health::{health, ready};
pub use openapi::ApiDoc;
pub(crate) use openapi::openapi;
pub(crate) use search::search;
pub(crate) use similar::similar;
pub(crate) use suggest::suggest;
