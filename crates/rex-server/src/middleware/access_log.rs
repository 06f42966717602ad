//! What is said and counted of each request: its id, one line in the log, its numbers.
//!
//! Nothing here tells who asked for what: a line holds the route, as `/cas/{id}`, and neither the path nor the query, no
//! address and no user agent.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use tracing::Instrument;

use crate::telemetry::metrics::{Metrics, OpenGuard, method_label};

/// The header that brings the id of a request, and takes it back.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Characters of the longest id that is taken from a client.
const MAX_ID: usize = 64;
/// Counted of a request that nobody waits for any more: nginx has this number for it.
const CLIENT_LEFT: u16 = 499;
/// The route of what no address of Rex is asked for.
const NO_ROUTE: &str = "other";

/// Around all that answers: gives each request an id, says it back in `x-request-id`, and counts, measures and logs the request.
///
/// The id is the one the client sent (a reverse proxy, say) if it is 1 to 64 letters, digits, `-` and `_`, or a random one. Every
/// line that is logged on behalf of the request is within a span that has it.
pub(crate) async fn observe<F: Future<Output = Response>>(
    metrics: &Metrics,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let id = taken_id(request.headers()).unwrap_or_else(random_id);
    // At the level of errors, so that these say the id where they are all that is logged.
    let span = tracing::error_span!("request", request_id = id.to_str().unwrap_or_default());
    let mut observed = RequestRecord::begin(metrics, &request);
    let answer = async move {
        let response = answer(request).await;
        observed.status = response.status().as_u16();
        drop(observed);
        response
    };
    let mut response = answer.instrument(span).await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// A request under way; when dropped, it is over, with an answer or without.
struct RequestRecord {
    metrics: Metrics,
    method: &'static str,
    route: String,
    status: u16,
    started: Instant,
    _in_flight: OpenGuard,
}

impl RequestRecord {
    fn begin(metrics: &Metrics, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self {
            metrics: metrics.clone(),
            method: method_label(request.method()),
            route: route.map_or(NO_ROUTE, MatchedPath::as_str).to_owned(),
            status: CLIENT_LEFT,
            started: Instant::now(),
            _in_flight: metrics.request_started(),
        }
    }
}

impl Drop for RequestRecord {
    fn drop(&mut self) {
        let took = self.started.elapsed();
        self.metrics.answered(&self.route, self.method, self.status, took);
        tracing::info!(
            method = self.method,
            route = self.route,
            status = self.status,
            duration_ms = milliseconds(took),
            "request"
        );
    }
}

/// To the microsecond: finer is noise.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

/// The id a client sent, if it is one that may stand anywhere.
fn taken_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let is_of_id = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let id = headers.get(REQUEST_ID)?;
    let is_id = (1..=MAX_ID).contains(&id.len()) && id.as_bytes().iter().all(is_of_id);
    is_id.then(|| id.clone())
}

/// Tells requests apart; nothing depends on nobody guessing it.
fn random_id() -> HeaderValue {
    let id = format!("{:016x}", fastrand::u64(..));
    HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("none"))
}
