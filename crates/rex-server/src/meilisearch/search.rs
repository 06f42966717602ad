//! `GET` and `POST /indexes/{uid}/search`.

use std::time::Instant;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use rex_query::{SearchRequest, SearchResponse};

use super::answer::SearchAnswer;
use super::error::MeilisearchError;
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
    let (request, labels) = (search.request.clone(), state.clone());
    let answer = move |request: &SearchRequest, response: SearchResponse| {
        let answer = SearchAnswer::new(labels.labels(), &search, &response, request.deadline)?;
        Ok(answer.with_time(started.elapsed()))
    };
    Ok(state.search_and(request, answer).await?)
}
