//! `GET` and `POST /indexes/{uid}/search`.

use std::time::Instant;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use rex_query::SearchResponse;

use super::answer::{LevelValues, SearchAnswer};
use super::error::{ErrorCode, MeilisearchError};
use super::facet_distribution::is_cut_short;
use super::facet_search;
use super::fields::Fields;
use super::index_uid::IndexUid;
use super::json::json;
use super::payload::Payload;
use super::query::SearchQuery;
use crate::search::app_state::AppState;

/// Searches by query string.
pub(super) async fn get(
    State(state): State<AppState>,
    _: IndexUid,
    RawQuery(raw): RawQuery,
) -> Result<Response, MeilisearchError> {
    let search = SearchQuery::from_query_string(raw.as_deref().unwrap_or_default())?;
    json(&answer(&state, search).await?)
}

/// Searches by JSON body.
pub(super) async fn post(
    State(state): State<AppState>,
    _: IndexUid,
    Payload(sent): Payload,
) -> Result<Response, MeilisearchError> {
    let search = SearchQuery::read(Fields::new(sent))?;
    json(&answer(&state, search).await?)
}

/// Answers one search.
pub(super) async fn answer(state: &AppState, search: SearchQuery) -> Result<SearchAnswer, MeilisearchError> {
    let started = Instant::now();
    let response = state.search(search.request.clone()).await?;
    let levels = levels(state, &search, &response).await?;
    let metrics = state.metrics().clone();
    let state = state.clone();
    // Highlighting 1,000 hits would block the async runtime.
    let work = move || SearchAnswer::new(state.labels(), &search, &response, &levels);
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => Ok(answer.with_time(started.elapsed())),
        Err(error) => {
            if error.is_panic() {
                metrics.panicked();
            }
            tracing::error!(%error, "failed to build an answer");
            Err(MeilisearchError::new(
                ErrorCode::Internal,
                rex_api::Problem::Internal.to_string(),
            ))
        }
    }
}

/// Searches the values of the requested levels that the hierarchy counts lack.
async fn levels(
    state: &AppState,
    search: &SearchQuery,
    response: &SearchResponse,
) -> Result<Vec<LevelValues>, MeilisearchError> {
    let mut levels = Vec::new();
    for attribute in search.facets.iter().flatten() {
        let counted = response.facets.iter().find(|(facet, _)| *facet == attribute.facet());
        if counted.is_some_and(|(_, counts)| is_cut_short(*attribute, counts)) {
            let query = facet_search::values(*attribute, None);
            levels.push((*attribute, state.facet_values(search.request.clone(), query).await?));
        }
    }
    Ok(levels)
}
