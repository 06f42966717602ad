//! JSON request bodies of bounded size.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::error::{ErrorCode, MeilisearchError, short};
use super::fields::kind_of;
use crate::search::app_state::AppState;
use crate::telemetry::metrics;

/// Maximum size of a body.
const MAX_BYTES: usize = 256 << 10;

/// Limits the size of request bodies.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_BYTES)
}

/// The fields of a JSON body.
pub(super) struct Payload(pub(super) Map<String, Value>);

impl FromRequest<AppState> for Payload {
    type Rejection = MeilisearchError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, MeilisearchError> {
        expect_json(request.headers())?;
        let too_large = || {
            let message = format!("The payload is too large, expected at most {MAX_BYTES} bytes.");
            MeilisearchError::new(ErrorCode::PayloadTooLarge, message)
        };
        // Refused before its first byte, so that a client that sent `Expect: 100-continue` never sends it.
        if announced(request.headers()).is_some_and(|bytes| bytes > MAX_BYTES as u64) {
            return Err(too_large());
        }
        let late = |_| {
            state.metrics().refused(metrics::Refusal::Slow);
            MeilisearchError::new(ErrorCode::PayloadTooLate, "The payload took too long to come.")
        };
        // The timeout is that of the request head: a client that sends single bytes is disconnected.
        let read_whole = timeout(state.limits().header_time, Bytes::from_request(request, state));
        let bytes = read_whole.await.map_err(late)?.map_err(|rejection| {
            if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large()
            } else {
                MeilisearchError::new(ErrorCode::MalformedPayload, "The payload could not be read to its end.")
            }
        })?;
        read(&bytes)
    }
}

/// The size of the body in bytes, if it is announced.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn expect_json(headers: &HeaderMap) -> Result<(), MeilisearchError> {
    const JSON: &str = "application/json";
    let accepted = format!("Accepted values for the Content-Type header are: `{JSON}`");
    let Some(given) = headers.get(header::CONTENT_TYPE) else {
        let message = format!("A Content-Type header is missing. {accepted}");
        return Err(MeilisearchError::new(ErrorCode::MissingContentType, message));
    };
    let given = given.to_str().unwrap_or("?");
    let kind = given.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case(JSON) {
        return Ok(());
    }
    let message = format!("The Content-Type `{}` is invalid. {accepted}", short(given));
    Err(MeilisearchError::new(ErrorCode::InvalidContentType, message))
}

fn read(bytes: &[u8]) -> Result<Payload, MeilisearchError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(MeilisearchError::new(
            ErrorCode::MissingPayload,
            "A json payload is missing.",
        ));
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(Payload(fields)),
        Ok(other) => {
            let message = format!("Invalid value type: expected an object, found {}", kind_of(&other));
            Err(MeilisearchError::new(ErrorCode::BadRequest, message))
        }
        Err(error) => {
            let message = format!("The json payload provided is malformed. `{error}`.");
            Err(MeilisearchError::new(ErrorCode::MalformedPayload, message))
        }
    }
}
