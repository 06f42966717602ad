//! Rejects requests over the rate limit, and long addresses, before any other work.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rex_api::problem::{MAX_ADDRESS, Problem};

use crate::http::problem::HttpProblem;
use crate::middleware::rate_limit::PeerAddress;
use crate::search::app_state::AppState;
use crate::telemetry::metrics::Refusal;

/// Rejects requests over the limits.
pub(crate) async fn admit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if let Err(problem) = count(&state, &request) {
        return HttpProblem(problem).into_response();
    }
    if is_too_long(&request) {
        return HttpProblem(Problem::AddressTooLong).into_response();
    }
    next.run(request).await
}

/// Applies the rate limit. Monitoring endpoints are exempt.
///
/// # Errors
/// [`Problem::TooFast`].
fn count(state: &AppState, request: &Request) -> Result<(), Problem> {
    let is_watching = matches!(request.uri().path(), "/health" | "/ready" | "/metrics");
    match request.extensions().get() {
        Some(PeerAddress(peer)) if !is_watching => {
            let counted = state.rate_limit().count(*peer, request.headers());
            counted.map_err(|seconds| {
                state.metrics().refused(Refusal::Rate);
                Problem::TooFast { seconds }
            })
        }
        _ => Ok(()),
    }
}

/// Whether the address exceeds the limit. No form or client of Rex comes near it.
fn is_too_long(request: &Request) -> bool {
    let address = request.uri().path_and_query();
    address.is_some_and(|address| address.as_str().len() > MAX_ADDRESS)
}
