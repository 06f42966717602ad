//! JSON response bodies.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use rex_api::problem::Problem;

use crate::http::problem::HttpProblem;

/// Initial buffer size; most bodies fit.
const TYPICAL_BODY: usize = 16 << 10;

/// A value as a JSON response.
pub(super) fn json(value: &impl Serialize) -> Result<Response, HttpProblem> {
    Ok(serialize(value).map(json_response)?)
}

pub(super) fn serialize(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::with_capacity(TYPICAL_BODY);
    serde_json::to_writer(&mut body, value).map_err(|error| serialization_error(&error))?;
    Ok(body)
}

/// Logs a serialization error and returns an internal error.
pub(super) fn serialization_error(error: &serde_json::Error) -> Problem {
    tracing::error!(%error, "failed to serialize an answer");
    Problem::Internal
}

pub(super) fn json_response(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
