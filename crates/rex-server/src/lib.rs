//! Rex over HTTP: the `/v1` API, the French pages, the widget and the Meilisearch API.
//!
//! ```text
//! http ─ middleware ─┬─ api ─────────┐
//!                    ├─ pages ───────┼─ search ─ SearchBackend
//!                    ├─ meilisearch ─┤
//!                    └─ site ────────┘
//! telemetry: metrics and the search log;  render: Markdown to HTML
//! ```
//!
//! [`router`] builds the axum router of an [`AppState`]; tests call it directly. [`serve`] accepts connections for a
//! [`HotSwap`], which replaces state and router when the index changes. [`Query`](rex_api::Query) parses requests.

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
pub use telemetry::search_log::SearchLog;
pub use telemetry::search_log_month::search_log_files;
