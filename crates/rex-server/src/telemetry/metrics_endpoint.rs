//! `GET /metrics`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::prometheus_text;
use rex_api::problem::Problem;

use crate::http::problem::HttpProblem;
use crate::search::app_state::AppState;

/// The metrics of the server, in the Prometheus text format.
pub(crate) async fn metrics(State(state): State<AppState>) -> Response {
    match state.metrics().text() {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, prometheus_text::CONTENT_TYPE),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (StatusCode::OK, headers, text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "failed to write the metrics");
            HttpProblem(Problem::Internal).into_response()
        }
    }
}
