use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::record::Case;
use super::{json_response, serialize};
use crate::problem::{Problem, ProblemJson};
use crate::query::Query;
use crate::state::AppState;

/// One case, its text included.
#[utoipa::path(
    get,
    path = "/v1/cases/{id}",
    operation_id = "case",
    params(("id" = String, Path, description = "The id of the case")),
    responses(
        (status = 200, description = "The case", body = Case, headers(("ETag" = String, description = "Changes when the case does"))),
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
) -> Result<Response, Problem> {
    Query::decode(raw.as_deref().unwrap_or_default())?.expect_none()?;
    let Ok(Path(id)) = id else {
        return Err(Problem::NotFound("no case has this id, which is not UTF-8".to_owned()));
    };
    let body = serialize(&Case::new(state.labels(), &state.case(id).await?))?;
    let tag = entity_tag(&body);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| matches(known, &tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        json_response(body)
    };
    let tag = HeaderValue::from_str(&tag).map_err(|_| Problem::Internal)?;
    response.headers_mut().insert(header::ETAG, tag);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// A strong validator (RFC 9110, 8.8.3): the digest of the answer.
fn entity_tag(body: &[u8]) -> String {
    format!("\"{}\"", base16ct::lower::encode_string(&Sha256::digest(body)[..12]))
}

/// Whether `If-None-Match` names a tag (RFC 9110, 13.1.2): a list, `*`, or a weak form of it.
fn matches(known: &str, tag: &str) -> bool {
    known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}
