//! Rejects requests over the rate limit, and long addresses, before any other work.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rex_api::problem::{MAX_ADDRESS, Problem};

use crate::http::problem::HttpProblem;
use crate::middleware::rate_limit::PeerAddress;
use crate::search::app_state::AppState;
use crate::telemetry::metrics::Refusal;

/// The client that sent a request, a request extension; `None` where its rate is not limited.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(Option<IpAddr>);

/// Rejects requests over the limits.
pub(crate) async fn admit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let client = Client::of(&state, &request);
    if let Err(problem) = client.count_more(&state, 1) {
        return HttpProblem(problem).into_response();
    }
    if is_too_long(&request) {
        return HttpProblem(Problem::AddressTooLong).into_response();
    }
    request.extensions_mut().insert(client);
    next.run(request).await
}

impl Client {
    /// The client of a request. Monitoring endpoints are exempt from the limit.
    fn of(state: &AppState, request: &Request) -> Self {
        let is_watching = matches!(request.uri().path(), "/health" | "/ready" | "/metrics");
        Self(match request.extensions().get() {
            Some(PeerAddress(peer)) if !is_watching => state.rate_limit().client(*peer, request.headers()),
            _ => None,
        })
    }

    /// Counts further requests of it: the parts of a batch.
    ///
    /// # Errors
    /// [`Problem::TooFast`].
    pub(crate) fn count_more(self, state: &AppState, requests: usize) -> Result<(), Problem> {
        let Some(client) = self.0 else { return Ok(()) };
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        state.rate_limit().count(client, requests).map_err(|seconds| {
            state.metrics().refused(Refusal::Rate);
            Problem::TooFast { seconds }
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(None)))
    }
}

/// Whether the address exceeds the limit. No form or client of Rex comes near it.
fn is_too_long(request: &Request) -> bool {
    let address = request.uri().path_and_query();
    address.is_some_and(|address| address.as_str().len() > MAX_ADDRESS)
}
