//! Rex over HTTP: the `/v1` API and the French pages. The only crate that knows HTTP, JSON and HTML.
//!
//! [`router`] is a plain function from a state to an axum router, used by the tests and by [`serve`], where [`Live`] puts one in
//! the place of another when the index changes.
//! [`Query`] turns what a request says into a [`rex_search::SearchRequest`] and back; [`answer_json`] is the JSON of an
//! answer: the command line prints the same.

mod api;
mod assets;
mod base;
mod built;
mod caching;
mod client;
mod colour;
mod cors;
mod cpv;
mod filter_values;
mod footnotes;
mod kept;
mod limits;
mod live;
mod markdown;
mod markup;
mod meilisearch;
mod metrics;
mod pace;
mod pages;
mod problem;
mod query;
mod reason;
mod requests;
mod router;
mod search_log;
mod serve;
mod site;
mod sitemap;
mod stall;
mod state;
mod territory;
mod widget;

pub use api::{ApiDoc, answer_json};
pub use colour::Accents;
pub use cors::Origins;
pub use cpv::branch_label;
pub use filter_values::{FilterError, resolve_filters};
pub use limits::{Limits, Rate};
pub use live::Live;
pub use metrics::{Metrics, OpenGuard, Refusal};
pub use problem::Problem;
pub use query::{Query, Unknown, selection_value};
pub use router::router;
pub use search_log::{SearchLog, search_log_files};
pub use serve::serve;
pub use site::{FooterLink, Logo, Site, Theme};
pub use state::AppState;
pub use widget::widget_integrity;
