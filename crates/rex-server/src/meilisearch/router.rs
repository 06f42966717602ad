//! The routes of the Meilisearch API.

use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};

use super::error::{ErrorCode, MeilisearchError, short};
use super::{facet_search, indexes, multi_search, payload, search, version};
use crate::search::app_state::AppState;

/// The routes.
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

async fn not_found() -> MeilisearchError {
    let message = "There is no such address: one can read `/indexes` and `/indexes/{uid}`, and search with `/indexes/{uid}/search`, \
                   `/indexes/{uid}/facet-search` and `/multi-search`.";
    MeilisearchError::new(ErrorCode::NotFound, message)
}

async fn method_not_allowed(request: Request) -> MeilisearchError {
    let message = format!(
        "This address does not answer {}: reading is all one can do over HTTP; cases are added by `rex index`.",
        short(request.method().as_str())
    );
    MeilisearchError::new(ErrorCode::MethodNotAllowed, message)
}
