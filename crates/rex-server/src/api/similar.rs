//! Similar cases.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::body::json;
use crate::http::problem::HttpProblem;
use crate::search::app_state::AppState;
use rex_api::problem::{Problem, ProblemJson};
use rex_api::query_string::Query;
use rex_api::similar_json::SimilarAnswer;

/// The cases nearest to one, and why: what they say, what is bought, where, for how much, and to whom it is reserved.
#[utoipa::path(
    get,
    path = "/v1/cases/{id}/similar",
    operation_id = "similar",
    params(
        ("id" = String, Path, description = "The id of the case"),
        ("limite" = Option<usize>, Query, description = "How many cases at most; 5 by default.", minimum = 1, maximum = 20),
    ),
    responses(
        (status = 200, description = "The nearest cases; none where nothing is in common", body = SimilarAnswer<'static>),
        (status = 400, description = "A parameter is unknown or wrong", body = ProblemJson, content_type = "application/problem+json"),
        (status = 404, description = "No case has this id", body = ProblemJson, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn similar(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
) -> Result<Response, HttpProblem> {
    let limit = Query::decode(raw.as_deref().unwrap_or_default())?.similar_limit()?;
    let Ok(Path(id)) = id else {
        return Err(Problem::undecodable_case().into());
    };
    let (id, similar) = state.similar(id, limit).await?;
    json(&SimilarAnswer::new(state.labels(), &id, state.generation(), &similar))
}
