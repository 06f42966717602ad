//! Completions.

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::body::json;
use super::parameters::SuggestParameters;
use crate::http::problem::HttpProblem;
use crate::search::app_state::AppState;
use rex_api::problem::ProblemJson;
use rex_api::query_string::Query;
use rex_api::suggest_json::Completions;

/// Titles, names, values and frequent phrases that complete what is being typed, and the values that it is another name of.
#[utoipa::path(
    get,
    path = "/v1/suggest",
    operation_id = "suggest",
    params(SuggestParameters),
    responses(
        (status = 200, description = "The completions; none where nothing begins so", body = Completions),
        (status = 400, description = "A parameter is unknown or wrong", body = ProblemJson, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn suggest(State(state): State<AppState>, RawQuery(raw): RawQuery) -> Result<Response, HttpProblem> {
    let (typed, limit) = Query::decode(raw.as_deref().unwrap_or_default())?.completion()?;
    let found = state.suggest(typed.clone(), limit).await?;
    json(&Completions::new(typed, state.generation().to_owned(), &found))
}
