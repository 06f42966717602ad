//! Search, answered from the response cache where possible.

use std::time::Instant;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use rex_query::{SearchRequest, SearchResponse};

use super::body::{json_response, serialization_error};
use super::parameters::SearchParameters;
use crate::http::base_url::{base_address, with_canonical};
use crate::http::problem::HttpProblem;
use crate::search::app_state::AppState;
use crate::search::response_cache::CachedAnswer;
use crate::telemetry::metrics::SearchOutcome;
use rex_api::problem::ProblemJson;
use rex_api::query_string::{Query, UnknownParameters};
use rex_api::search_json::Answer;

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
) -> Result<Response, HttpProblem> {
    let started = Instant::now();
    let raw = raw.unwrap_or_default();
    let path = format!("{}/v1/search", base_address(state.site(), &headers));
    if let Some(cached) = state.cached_answer(&raw) {
        let response = json_response(cached.json.with_took(started.elapsed()));
        return Ok(with_canonical(response, &cached.query.address(&path)));
    }
    let request = Query::decode(&raw)?.request(UnknownParameters::Refuse)?;
    let request = state.resolve(request).await?;
    let answer = {
        let state = state.clone();
        move |request: &SearchRequest, response: SearchResponse| {
            let json = Answer::new(state.labels(), request, &response).json();
            let json = match json {
                Ok(json) => json,
                Err(error) => return Ok(Err(serialization_error(&error))),
            };
            let body = json.with_took(started.elapsed());
            let query = Query::of(request);
            let address = query.address(&path);
            state.cache().insert(&raw, || CachedAnswer {
                json,
                query,
                request: request.clone(),
                outcome: SearchOutcome::of(&response),
            });
            Ok(Ok(with_canonical(json_response(body), &address)))
        }
    };
    Ok(state.search_and(request, answer).await??)
}
