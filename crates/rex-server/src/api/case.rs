//! One case.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::body::{json_response, serialize};
use crate::http::problem::HttpProblem;
use crate::middleware::etag::{entity_tag, matches_etag, with_etag};
use crate::search::app_state::AppState;
use rex_api::case_json::Case;
use rex_api::problem::{Problem, ProblemJson};
use rex_api::query_string::Query;

/// One case, its text included.
#[utoipa::path(
    get,
    path = "/v1/cases/{id}",
    operation_id = "case",
    params(("id" = String, Path, description = "The id of the case")),
    responses(
        (status = 200, description = "The case", body = Case<'static>, headers(("ETag" = String, description = "Changes when the case does"))),
        (status = 304, description = "The case is the one If-None-Match names"),
        (status = 400, description = "A parameter was given", body = ProblemJson, content_type = "application/problem+json"),
        (status = 404, description = "No case has this id", body = ProblemJson, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn case(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, HttpProblem> {
    Query::decode(raw.as_deref().unwrap_or_default())?.expect_none()?;
    let Ok(Path(id)) = id else {
        return Err(Problem::undecodable_case().into());
    };
    let body = serialize(&Case::new(state.labels(), &state.case(id).await?))?;
    // The ETag is derived from the case alone: most cases outlive a generation.
    let tag = entity_tag(&[&body]);
    let response = if matches_etag(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        json_response(body)
    };
    Ok(with_etag(response, &tag))
}
