//! The `/v1` API: thin handlers over [`crate::Query`] and the engine.

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
