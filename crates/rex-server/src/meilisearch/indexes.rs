//! `GET /indexes` and `GET /indexes/{uid}`: the names of the index.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde::Serialize;

use super::error::{Code, Refusal};
use super::fields::Fields;
use super::index_uid::IndexUid;
use super::json;
use crate::state::AppState;

/// Indexes listed where no number is asked for.
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
    /// When the generation served was built; left out where its name does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<String>,
    primary_key: &'static str,
}

/// Every name of the index.
pub(super) async fn list(State(state): State<AppState>, RawQuery(raw): RawQuery) -> Result<Response, Refusal> {
    let mut fields = Fields::of_address(raw.as_deref().unwrap_or_default(), &[])?;
    let offset = fields.number(("offset", Code::InvalidIndexOffset))?.unwrap_or(0);
    let limit = fields
        .number(("limit", Code::InvalidIndexLimit))?
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

/// One of them.
pub(super) async fn get(State(state): State<AppState>, IndexUid(name): IndexUid) -> Result<Response, Refusal> {
    json(&Index::new(&name, &state))
}

impl Index {
    fn new(name: &str, state: &AppState) -> Self {
        let built = built_at(state.engine().generation());
        Self {
            uid: name.to_owned(),
            created_at: built.clone(),
            updated_at: built,
            primary_key: "id",
        }
    }
}

/// When a generation was built, of its name `g-20231005T081500123Z-1a2b3c4d`, as RFC 3339.
fn built_at(generation: &str) -> Option<String> {
    const SHAPE: &str = "ddddddddTdddddddddZ";
    let time = generation.strip_prefix("g-")?.split('-').next()?;
    let has_shape = time.len() == SHAPE.len()
        && time.bytes().zip(SHAPE.bytes()).all(|(byte, shape)| match shape {
            b'd' => byte.is_ascii_digit(),
            letter => byte == letter,
        });
    let part = |range: std::ops::Range<usize>| time.get(range);
    if !has_shape {
        return None;
    }
    Some(format!(
        "{}-{}-{}T{}:{}:{}.{}Z",
        part(0..4)?,
        part(4..6)?,
        part(6..8)?,
        part(9..11)?,
        part(11..13)?,
        part(13..15)?,
        part(15..18)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_tells_when_it_was_built() {
        assert_eq!(
            built_at("g-20231005T081500123Z-1a2b3c4d").as_deref(),
            Some("2023-10-05T08:15:00.123Z")
        );
        for name in ["g-test", "g-20231005T081500Z-1a2b3c4d", "", "g-2023100éT08150012Z-1"] {
            assert_eq!(built_at(name), None, "{name}");
        }
    }
}
