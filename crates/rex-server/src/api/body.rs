//! JSON bodies of the answers.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use rex_api::problem::Problem;

use crate::http::problem::HttpProblem;

/// Bytes that most answers have: to take more, and more again while one is written, is to copy it each time.
const TYPICAL_BODY: usize = 16 << 10;

/// A value as a JSON answer.
pub(super) fn json(value: &impl Serialize) -> Result<Response, HttpProblem> {
    Ok(serialize(value).map(json_response)?)
}

pub(super) fn serialize(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::with_capacity(TYPICAL_BODY);
    serde_json::to_writer(&mut body, value).map_err(serialization_error)?;
    Ok(body)
}

/// An answer that did not serialize is our failure.
pub(super) fn serialization_error(error: serde_json::Error) -> Problem {
    tracing::error!(%error, "an answer did not serialize");
    Problem::Internal
}

pub(super) fn json_response(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
