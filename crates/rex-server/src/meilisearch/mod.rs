//! The part of the HTTP API of Meilisearch that reads, so that InstantSearch front ends and the Meilisearch SDKs search Rex by
//! changing a URL.
//!
//! A request becomes the same [`rex_query::SearchRequest`] as any other, its filter a [`rex_query::Condition`]; an answer is
//! put in the shape that Meilisearch gives it. What Rex does not do is refused in its own error shape, never left out silently.
//!
//! ```text
//! payload, fields ─ query (shown, filter: token, number, attribute) ─ SearchRequest
//!                                                                          │
//! answer ─ document, formatted (crop), distribution ──────────── SearchResponse
//! ```
//!
//! Headers that say who asks (`Authorization`, `X-Meilisearch-Client`) are not looked at: all that can be read is public.
//!
//! Where Rex differs from Meilisearch:
//!
//! - Totals are exact. One answer has at most 1,000 hits, among the first 10,000; a larger `limit` or `hitsPerPage` is answered as
//!   1,000 and said to be so. Several searches in one request are at most 50, and ask for at most 1,000 hits together.
//! - A filter compares the values of closed lists, accents and capitals aside, and all others as they are written. A case has a
//!   value or has none: `IS NULL`, `IS EMPTY` and `NOT EXISTS` are one. Amounts are compared to the cent.
//! - A filter has at most 10,000 characters, 500 values and 100 parentheses and negations within each other.
//! - Distributions list the most frequent values, not the first of the alphabet, and numbers from the least up.
//! - Hits come in one order: `sort` takes one criterion.
//! - `_formatted` is escaped, see [`formatted`]; `id` and addresses in it are never marked.
//! - `resume`, the text of a case, ends after 32 KiB.
//! - `_rankingScore` is that of Rex, and is left out where hits are in another order.
//! - Names that no document has may stand in `attributesToRetrieve`, `attributesToHighlight` and `attributesToCrop`, as in
//!   Meilisearch; in `filter`, `facets`, `sort` and among the parameters they are refused.

mod answer;
mod attribute;
mod crop;
mod document;
mod error;
mod facet_distribution;
mod facet_search;
mod fields;
mod filter;
mod formatted;
mod index_uid;
mod indexes;
mod lexer;
mod multi_search;
mod number;
mod payload;
mod projection;
mod query;
mod search;
mod version;

use axum::Router;
use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;

use crate::search::app_state::AppState;
use error::{Code, Refusal};

/// The addresses of Meilisearch that Rex answers.
pub(crate) fn router() -> Router<AppState> {
    let indexes = Router::new()
        .route("/", get(indexes::list))
        .route("/{uid}", get(indexes::get))
        .route("/{uid}/search", get(search::get).post(search::post))
        .route("/{uid}/facet-search", post(facet_search::post))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed);
    Router::new()
        .nest("/indexes", indexes)
        .route("/multi-search", post(multi_search::post))
        .route("/version", get(version::get))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(payload::limit())
}

async fn not_found() -> Refusal {
    let message = "There is no such address: one can read `/indexes` and `/indexes/{uid}`, and search with `/indexes/{uid}/search`, \
                   `/indexes/{uid}/facet-search` and `/multi-search`.";
    Refusal::new(Code::NotFound, message)
}

async fn method_not_allowed(request: Request) -> Refusal {
    let message = format!(
        "This address does not answer {}: reading is all one can do over HTTP; cases are added by `rex index`.",
        error::short(request.method().as_str())
    );
    Refusal::new(Code::MethodNotAllowed, message)
}

/// A value as a JSON answer.
fn json(value: &impl Serialize) -> Result<Response, Refusal> {
    match serde_json::to_vec(value) {
        Ok(body) => Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response()),
        Err(error) => {
            tracing::error!(%error, "an answer did not serialize");
            Err(Refusal::new(Code::Internal, rex_api::Problem::Internal.to_string()))
        }
    }
}
