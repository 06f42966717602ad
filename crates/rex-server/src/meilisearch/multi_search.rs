//! `POST /multi-search`: several searches in one request.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::answer::SearchAnswer;
use super::error::{ErrorCode, MeilisearchError};
use super::fields::{Fields, kind_of};
use super::index_uid::IndexUid;
use super::json::json;
use super::payload::Payload;
use super::query::SearchQuery;
use super::search::answer;
use crate::http::problem::HttpProblem;
use crate::middleware::admission::Client;
use crate::search::app_state::AppState;

/// Maximum number of queries in a request.
const MAX_QUERIES: usize = 50;
/// Maximum number of hits over all queries. Bounds the memory of a request.
const MAX_HITS: usize = 1_000;

#[derive(Serialize)]
struct Results {
    results: Vec<SearchAnswer>,
}

/// Validates all queries, then runs them one after the other, all before one deadline. To the rate limit each is a request.
pub(super) async fn post(
    State(state): State<AppState>,
    client: Client,
    Payload(sent): Payload,
) -> Result<Response, MeilisearchError> {
    let queries = queries(Fields::new(sent))?;
    if let Err(problem) = client.count_more(&state, queries.len().saturating_sub(1)) {
        return Ok(HttpProblem(problem).into_response());
    }
    let mut searches = Vec::new();
    for (rank, query) in queries.into_iter().enumerate() {
        searches.push(read(query, &state).map_err(|refusal| refusal.in_query(rank))?);
    }
    let hits: usize = searches.iter().map(|(_, search)| search.request.limit).sum();
    if hits > MAX_HITS {
        let message = format!("`queries`: {hits} hits in all, expected at most {MAX_HITS}");
        return Err(MeilisearchError::new(ErrorCode::BadRequest, message));
    }
    let deadline = state.deadline();
    let mut results = Vec::new();
    for (IndexUid(name), mut search) in searches {
        search.request.deadline = deadline;
        results.push(answer(&state, search).await?.with_index_uid(name));
    }
    json(&Results { results })
}

fn queries(mut fields: Fields) -> Result<Vec<Value>, MeilisearchError> {
    let refused = |message: String| Err(MeilisearchError::new(ErrorCode::BadRequest, message));
    let why = "the hits of one index need no merging";
    fields.refuse(("federation", ErrorCode::Federation), &Value::Null, why)?;
    let queries = match fields.take(("queries", ErrorCode::BadRequest)) {
        None => return refused("Missing field `queries`".to_owned()),
        Some(Value::Array(queries)) => queries,
        Some(other) => return refused(format!("`queries`: expected an array, found {}", kind_of(&other))),
    };
    fields.finish()?;
    if queries.len() > MAX_QUERIES {
        return refused(format!(
            "`queries`: {} searches, expected at most {MAX_QUERIES}",
            queries.len()
        ));
    }
    Ok(queries)
}

fn read(query: Value, state: &AppState) -> Result<(IndexUid, SearchQuery), MeilisearchError> {
    let Value::Object(sent) = query else {
        let message = format!("expected an object, found {}", kind_of(&query));
        return Err(MeilisearchError::new(ErrorCode::BadRequest, message));
    };
    let mut fields = Fields::new(sent);
    let why = "the hits of one index need no merging";
    fields.refuse(("federationOptions", ErrorCode::FederationOptions), &Value::Null, why)?;
    let name = fields
        .text(("indexUid", ErrorCode::InvalidIndexUid))?
        .ok_or_else(|| MeilisearchError::new(ErrorCode::MissingIndexUid, "Missing field `indexUid`"))?;
    Ok((IndexUid::check(&name, state)?, SearchQuery::read(fields)?))
}
