//! Request ids, the access log, and request metrics.
//!
//! A log line has the route, such as `/cas/{id}`: no path, no query, no client address, no user agent.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use tracing::Instrument;

use crate::telemetry::metrics::{Metrics, OpenGuard, method_label};

/// Carries the request id, in requests and responses.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Maximum length of a client's request id.
const MAX_ID: usize = 64;
/// The status logged when the client disconnects before the response: the convention of nginx.
const CLIENT_LEFT: u16 = 499;
/// The route label of unknown addresses.
const NO_ROUTE: &str = "other";

/// The outermost middleware: sets the request id, measures, counts and logs the request.
///
/// The id is that of the client (or a reverse proxy) if it has 1 to 64 letters, digits, `-` and `_`, else random. Log lines
/// of the request are within a span that carries it.
pub(crate) async fn observe<F: Future<Output = Response>>(
    metrics: &Metrics,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let id = taken_id(request.headers()).unwrap_or_else(random_id);
    // A span at the error level stays enabled when only errors are logged.
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

/// A running request. Dropped when the response is ready or the client has disconnected.
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

/// Milliseconds, rounded to a microsecond.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

/// The request id of the client, if valid.
fn taken_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let is_of_id = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let id = headers.get(REQUEST_ID)?;
    let is_id = (1..=MAX_ID).contains(&id.len()) && id.as_bytes().iter().all(is_of_id);
    is_id.then(|| id.clone())
}

/// Identifies a request in logs; it need not be unguessable.
fn random_id() -> HeaderValue {
    let id = format!("{:016x}", fastrand::u64(..));
    HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("none"))
}
