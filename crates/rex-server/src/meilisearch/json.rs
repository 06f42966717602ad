//! JSON response bodies.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::{ErrorCode, MeilisearchError};

/// A value as a JSON response.
pub(super) fn json(value: &impl Serialize) -> Result<Response, MeilisearchError> {
    match serde_json::to_vec(value) {
        Ok(body) => Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response()),
        Err(error) => {
            tracing::error!(%error, "failed to serialize an answer");
            Err(MeilisearchError::new(
                ErrorCode::Internal,
                rex_api::Problem::Internal.to_string(),
            ))
        }
    }
}
