//! `POST /indexes/{uid}/facet-search`: searches the values of an attribute.

use std::time::Instant;

use axum::extract::State;
use axum::response::Response;
use rex_query::{FacetKind, FacetMatch, FacetQuery, SearchRequest};
use serde::Serialize;

use super::attribute::{self, Attribute, shown_path};
use super::error::{ErrorCode, MeilisearchError};
use super::facet_distribution::MAX_VALUES;
use super::fields::{Field, Fields};
use super::index_uid::IndexUid;
use super::json::json;
use super::payload::Payload;
use super::query::{base_request, truncated};
use crate::search::app_state::AppState;

const NAME: Field = ("facetName", ErrorCode::FacetName);
const QUERY: Field = ("facetQuery", ErrorCode::FacetQuery);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FacetAnswer {
    /// Best match first, then by count.
    facet_hits: Vec<FacetHit>,
    facet_query: Option<String>,
    processing_time_ms: u64,
}

#[derive(Serialize)]
struct FacetHit {
    /// As in documents and filters.
    value: String,
    /// Number of hits with the value.
    count: u64,
}

/// A parsed facet search.
struct FacetSearch {
    attribute: Attribute,
    query: Option<String>,
    request: SearchRequest,
}

/// Searches the values of an attribute; at most 100 matches.
pub(super) async fn post(
    State(state): State<AppState>,
    _: IndexUid,
    Payload(sent): Payload,
) -> Result<Response, MeilisearchError> {
    let started = Instant::now();
    let search = FacetSearch::read(&mut Fields::new(sent))?;
    let found = state
        .facet_values(search.request, values(search.attribute, search.query.as_deref()))
        .await?;
    let hit = |found: &FacetMatch| FacetHit {
        value: shown_path(search.attribute.facet(), &found.path),
        count: found.count,
    };
    json(&FacetAnswer {
        facet_hits: found.values.iter().map(hit).collect(),
        facet_query: search.query,
        processing_time_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

impl FacetSearch {
    /// Parses the request. Clients also send the parameters of their document search: those that do not affect the matching
    /// cases are ignored.
    fn read(fields: &mut Fields) -> Result<Self, MeilisearchError> {
        let Some(name) = fields.text(NAME)? else {
            return Err(MeilisearchError::new(
                ErrorCode::MissingFacetName,
                "Missing field `facetName`",
            ));
        };
        let attribute = Attribute::from_name(&name).filter(|attribute| has_values(*attribute));
        let attribute = attribute.ok_or_else(|| {
            let known: Vec<_> = Attribute::all()
                .filter(|known| has_values(*known))
                .map(|known| known.to_string())
                .collect();
            let message = format!(
                "`facetName`: {}",
                attribute::unknown(&name, "a facet to search", &known)
            );
            MeilisearchError::new(NAME.1, message)
        })?;
        let query = fields.text(QUERY)?;
        let (_, request) = base_request(fields)?;
        Ok(Self {
            attribute,
            query,
            request,
        })
    }
}

/// Amounts and durations are ranges without a list of values.
fn has_values(attribute: Attribute) -> bool {
    attribute.facet().kind() != FacetKind::Range
}

/// The facet query for the values of an attribute; without words, all values.
fn values(attribute: Attribute, words: Option<&str>) -> FacetQuery {
    FacetQuery {
        facet: attribute.facet(),
        words: truncated(words.unwrap_or_default()).to_owned(),
        level: match attribute {
            Attribute::Facet(_) => None,
            Attribute::Level(_, level) => Some(level),
        },
        offset: 0,
        limit: MAX_VALUES,
    }
}
