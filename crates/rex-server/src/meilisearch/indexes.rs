//! `GET /indexes` and `GET /indexes/{uid}`.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde::Serialize;

use super::error::{ErrorCode, MeilisearchError};
use super::fields::Fields;
use super::index_uid::IndexUid;
use super::json::json;
use crate::search::app_state::AppState;
use rex_api::generation_time::built_at;

/// Indexes listed by default.
const DEFAULT_LIMIT: usize = 20;

#[derive(Serialize)]
struct Indexes {
    results: Vec<Index>,
    offset: usize,
    limit: usize,
    total: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    uid: String,
    /// The build time of the generation; left out where its name has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<String>,
    primary_key: &'static str,
}

/// Lists the index uids.
pub(super) async fn list(State(state): State<AppState>, RawQuery(raw): RawQuery) -> Result<Response, MeilisearchError> {
    let mut fields = Fields::from_query_string(raw.as_deref().unwrap_or_default(), &[])?;
    let offset = fields.number(("offset", ErrorCode::InvalidIndexOffset))?.unwrap_or(0);
    let limit = fields
        .number(("limit", ErrorCode::InvalidIndexLimit))?
        .unwrap_or(DEFAULT_LIMIT);
    fields.finish()?;
    let names = state.index_names();
    let listed = names.iter().skip(offset).take(limit);
    json(&Indexes {
        results: listed.map(|name| Index::new(name, &state)).collect(),
        offset,
        limit,
        total: names.len(),
    })
}

/// Describes one index.
pub(super) async fn get(State(state): State<AppState>, IndexUid(name): IndexUid) -> Result<Response, MeilisearchError> {
    json(&Index::new(&name, &state))
}

impl Index {
    fn new(name: &str, state: &AppState) -> Self {
        let built = built_at(state.generation());
        Self {
            uid: name.to_owned(),
            created_at: built.clone(),
            updated_at: built,
            primary_key: "id",
        }
    }
}
