use std::time::Instant;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use rex_search::{SearchRequest, SearchResponse};

use super::openapi::SearchParameters;
use super::wire::{Answer, milliseconds};
use super::{json_response, serialize};
use crate::base::{base_address, with_canonical};
use crate::kept::KeptAnswer;
use crate::problem::{Problem, ProblemJson};
use crate::query::{Query, Unknown};
use crate::state::AppState;

/// Ranked cases, with the counts of every facet under the current search.
#[utoipa::path(
    get,
    path = "/v1/search",
    operation_id = "search",
    params(SearchParameters),
    responses(
        (status = 200, description = "The hits of the page asked for, and the facets", body = Answer<'static>,
            headers(("Link" = String, description = "The canonical address of the search: its parameters in one order"))),
        (status = 400, description = "A parameter is unknown or wrong", body = ProblemJson, content_type = "application/problem+json"),
        (status = 414, description = "The address is longer than 16,384 bytes", body = ProblemJson, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn search(
    State(state): State<AppState>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let started = Instant::now();
    let raw = raw.unwrap_or_default();
    let path = format!("{}/v1/search", base_address(state.site(), &headers));
    if let Some(kept) = state.kept_answer(&raw) {
        let body = kept.taking(milliseconds(started.elapsed()));
        return Ok(with_canonical(json_response(body), &kept.query.address(&path)));
    }
    let request = Query::decode(&raw)?.request(Unknown::Refuse)?;
    let request = state.resolve(request).await?;
    let answer = {
        let state = state.clone();
        move |request: &SearchRequest, response: SearchResponse| {
            let body = serialize(&Answer::new(state.labels(), request, &response, started.elapsed()))?;
            let query = Query::of(request);
            let address = query.address(&path);
            state
                .kept()
                .keep(&raw, || KeptAnswer::new(&body, query, request, &response));
            Ok(with_canonical(json_response(body), &address))
        }
    };
    state.search_and(request, answer).await?
}
