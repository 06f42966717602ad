//! The JSON of the values of one facet.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use rex_search::{Facet, FacetKind, FacetMatch};
use serde::Serialize;
use utoipa::ToSchema;

use super::json;
use super::openapi::FacetParameters;
use crate::markup::marked_html;
use crate::problem::{Problem, ProblemJson};
use crate::query::{Query, expected};
use crate::state::AppState;

/// The values of a facet that hold some words.
#[derive(Serialize, ToSchema)]
pub(crate) struct FacetValues {
    facet: &'static str,
    /// What was looked for.
    query: String,
    /// The index that answered.
    generation: String,
    /// Values found, on all pages.
    total: u64,
    /// From 1.
    page: usize,
    /// Pages there are.
    pages: usize,
    /// Those that begin with the words first, then the most frequent.
    values: Vec<FacetValueJson>,
    /// Cases without a value.
    missing: u64,
}

#[derive(Serialize, ToSchema)]
struct FacetValueJson {
    /// The value, or the last level of its path.
    value: String,
    /// What selects it, as the parameter of the facet takes it.
    #[schema(example = "Occitanie > Haute-Garonne")]
    path: String,
    /// What a CPV code is called; left out where the list at hand does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// The value as HTML: escaped, what was looked for within `<mark>`.
    html: String,
    /// The label as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    label_html: Option<String>,
    /// Cases that have it, or anything below it, under the current search and the filters of the other facets.
    count: u64,
    selected: bool,
}

/// The values of one facet under the current search, by any part of them: accents, capitals and typing errors aside.
#[utoipa::path(
    get,
    path = "/v1/facets/{facet}",
    operation_id = "facet",
    params(FacetParameters),
    responses(
        (status = 200, description = "The values found; none where no case has one that holds the words", body = FacetValues),
        (status = 400, description = "A parameter is unknown or wrong", body = ProblemJson, content_type = "application/problem+json"),
        (status = 414, description = "The address is longer than 16,384 bytes", body = ProblemJson, content_type = "application/problem+json"),
        (status = 404, description = "No facet of values has this name", body = ProblemJson, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn facet(
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let facet = facet_of(&name.map_or_else(|_| String::new(), |Path(name)| name))?;
    let (request, query) = Query::decode(raw.as_deref().unwrap_or_default())?.facet_request(facet)?;
    let request = state.resolve(request).await?;
    let (words, offset, limit) = (query.words.clone(), query.offset, query.limit);
    let found = state.facet_values(request, query).await?;
    json(&FacetValues {
        facet: facet.name(),
        query: words,
        generation: state.engine().generation().to_owned(),
        total: found.total,
        page: offset / limit + 1,
        pages: usize::try_from(found.total).unwrap_or(usize::MAX).div_ceil(limit),
        values: found.values.iter().map(FacetValueJson::from).collect(),
        missing: found.missing,
    })
}

/// The facet of values that an address names.
fn facet_of(name: &str) -> Result<Facet, Problem> {
    let short: String = name.chars().take(100).collect();
    let with_values = |facet: &Facet| facet.kind() != FacetKind::Range;
    match Facet::from_name(name) {
        Some(facet) if with_values(&facet) => Ok(facet),
        Some(_) => Err(Problem::NotFound(format!(
            "\"{short}\" has numbers, not values to look among; /v1/search counts them by buckets"
        ))),
        None => {
            let names = Facet::ALL.into_iter().filter(with_values).map(Facet::name);
            let expected = expected(&short, names);
            Err(Problem::NotFound(format!("\"{short}\" is not a facet{expected}")))
        }
    }
}

impl From<&FacetMatch> for FacetValueJson {
    fn from(found: &FacetMatch) -> Self {
        Self {
            value: found.name.text.clone(),
            path: found.path.clone(),
            label: found.label.as_ref().map(|label| label.text.clone()),
            html: marked_html(&found.name),
            label_html: found.label.as_ref().map(marked_html),
            count: found.count,
            selected: found.selected,
        }
    }
}
