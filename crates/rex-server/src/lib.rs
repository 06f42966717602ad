//! Rex over HTTP: the `/v1` API and the French pages. The only crate that knows HTTP, JSON and HTML.
//!
//! [`router`] is a plain function from a state to an axum router, used by the tests and by [`serve`], where [`HotSwap`] puts one in
//! the place of another when the index changes.
//! [`Query`] turns what a request says into a [`rex_query::SearchRequest`] and back; [`answer_json`] is the JSON of an
//! answer: the command line prints the same.

mod api;
mod http;
mod meilisearch;
mod middleware;
mod pages;
mod render;
mod search;
mod site;
mod telemetry;

pub use api::ApiDoc;
pub use http::hot_swap::HotSwap;
pub use http::router::router;
pub use http::server::serve;
pub use middleware::cors::AllowedOrigins;
pub use search::app_state::AppState;
pub use search::limits::{Limits, Rate};
pub use site::config::{FooterLink, Logo, Site, Theme};
pub use site::contrast::Accents;
pub use site::widget::widget_integrity;
pub use telemetry::metrics::{Metrics, OpenGuard, Refusal};
pub use telemetry::search_log::{SearchLog, search_log_files};
