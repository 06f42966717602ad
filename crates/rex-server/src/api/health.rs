//! Liveness and readiness.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::json;
use crate::http::problem::HttpProblem;
use crate::search::app_state::AppState;
use rex_api::problem::{Problem, ProblemJson};

/// The server runs.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `available`: a server that is not does not answer.
    status: &'static str,
    /// Always true.
    live: bool,
}

/// The server can search.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ready {
    /// Always true.
    ready: bool,
    /// The generation served.
    generation: String,
    /// Cases in it.
    cases: u64,
}

/// Whether the server runs.
#[utoipa::path(get, path = "/health", operation_id = "health", responses((status = 200, description = "It does", body = Health)))]
pub(crate) async fn health() -> Result<Response, HttpProblem> {
    json(&Health {
        status: "available",
        live: true,
    })
    .map(uncached)
}

/// Whether the server has an index to search.
#[utoipa::path(get, path = "/ready", operation_id = "ready", responses(
    (status = 200, description = "It has", body = Ready),
    (status = 503, description = "It has none that is whole", body = ProblemJson, content_type = "application/problem+json"),
))]
pub(crate) async fn ready(State(state): State<AppState>) -> Result<Response, HttpProblem> {
    if state.is_unavailable() {
        return Err(Problem::Unavailable.into());
    }
    json(&Ready {
        ready: true,
        generation: state.generation().to_owned(),
        cases: state.cases(),
    })
    .map(uncached)
}

/// Marks a response as not to be stored.
fn uncached(mut response: Response) -> Response {
    let never = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, never);
    response
}
