//! The JSON of a facet value search.

use rex_query::{Facet, FacetKind, FacetMatch, FacetMatches, FacetQuery};
use serde::Serialize;
use utoipa::ToSchema;

use crate::html_escape::marked_html;
use crate::parameter_values::expected;
use crate::problem::Problem;

/// The values of a facet that hold some words.
#[derive(Serialize, ToSchema)]
pub struct FacetValues {
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

impl FacetValues {
    /// The answer to a facet query.
    pub fn new(query: &FacetQuery, generation: String, found: &FacetMatches) -> Self {
        let limit = query.limit.max(1);
        Self {
            facet: query.facet.name(),
            query: query.words.clone(),
            generation,
            total: found.total,
            page: query.offset / limit + 1,
            pages: usize::try_from(found.total).unwrap_or(usize::MAX).div_ceil(limit),
            values: found.values.iter().map(FacetValueJson::from).collect(),
            missing: found.missing,
        }
    }
}

/// The searchable facet with a name.
///
/// # Errors
/// [`Problem::NotFound`]: an unknown name, or a facet of numbers, which has no values to search.
pub fn facet_of(name: &str) -> Result<Facet, Problem> {
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
