//! `GET /version`.

use axum::response::Response;
use serde::Serialize;

use super::error::MeilisearchError;
use super::json::json;

/// The version response.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    /// Unknown to the binary.
    commit_sha: &'static str,
    commit_date: &'static str,
    /// The version of Rex, not of a compatible Meilisearch.
    pkg_version: &'static str,
}

/// The version of Rex.
pub(super) async fn get() -> Result<Response, MeilisearchError> {
    json(&Version {
        commit_sha: "unknown",
        commit_date: "unknown",
        pkg_version: env!("CARGO_PKG_VERSION"),
    })
}
