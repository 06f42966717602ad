//! Resolves filter values as typed or bookmarked to the values of the index.

use rex_corpus::Cpv;
use rex_query::{Facet, FacetKind, Filters, ResolvedValue, SearchBackend, SearchError, SearchRequest, Selection};

use crate::parameter_values::{MISSING, cpv};
use crate::problem::Problem;
use crate::query_string::MAX_SELECTIONS;

/// Why filter values could not be resolved.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// A value that no case has, but that is close to one or ambiguous.
    #[error(transparent)]
    Unknown(#[from] Problem),
    /// The index cannot be read, or the time limit was reached.
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl From<FilterError> for Problem {
    fn from(error: FilterError) -> Self {
        match error {
            FilterError::Unknown(problem) => problem,
            FilterError::Search(error) => error.into(),
        }
    }
}

/// Whether every filter value occurs exactly so in the index: the common case, which needs no resolution.
pub fn are_exact(backend: &dyn SearchBackend, filters: &Filters) -> bool {
    filters
        .iter()
        .all(|(facet, selections)| selections.iter().all(|selection| is_exact(backend, facet, selection)))
}

/// Replaces filter values by those of the index: case, accents, hierarchy level and alternative names aside. An unknown
/// value with no near match stays and matches nothing.
///
/// # Errors
/// A value with a near match, which the error names, or several; an index that cannot be read within the time limit of the
/// request.
pub fn resolve_filters(backend: &dyn SearchBackend, request: SearchRequest) -> Result<SearchRequest, FilterError> {
    if are_exact(backend, &request.filters) {
        return Ok(request);
    }
    let mut filters = Filters::default();
    let mut count = 0;
    for (facet, selections) in request.filters.iter() {
        for selection in selections {
            for read in resolved(backend, facet, selection, &request)? {
                count += 1;
                // One typed value may resolve to several: the limit on typed values applies to these too.
                if count <= MAX_SELECTIONS {
                    filters.add(facet, read);
                }
            }
        }
    }
    Ok(SearchRequest { filters, ..request })
}

fn resolved(
    backend: &dyn SearchBackend,
    facet: Facet,
    selection: &Selection,
    request: &SearchRequest,
) -> Result<Vec<Selection>, FilterError> {
    let Selection::Value(value) = selection else {
        return Ok(vec![selection.clone()]);
    };
    if is_exact(backend, facet, selection) {
        return Ok(vec![selection.clone()]);
    }
    match backend.resolve_value(facet, value, request.deadline)? {
        ResolvedValue::Values(values) => Ok(values.into_iter().map(Selection::Value).collect()),
        _ if is_missing(value) => Ok(vec![Selection::Missing]),
        ResolvedValue::Likely(likely) => Err(Problem::UnknownValue {
            parameter: facet.name().to_owned(),
            value: value.chars().take(60).collect(),
            likely,
        }
        .into()),
        ResolvedValue::Unknown if facet == Facet::Cpv && Cpv::parse(value).is_err() => {
            let value: String = value.chars().take(60).collect();
            let detail = format!("\"{value}\" is no code that a case has, nor one that is printed so");
            Err(Problem::invalid(facet.name(), detail).into())
        }
        ResolvedValue::Malformed => Err(Problem::invalid(facet.name(), malformed(value)).into()),
        ResolvedValue::Unknown => Ok(vec![selection.clone()]),
    }
}

/// The error message for a value that the facet cannot have.
fn malformed(value: &str) -> String {
    cpv(value).map_or_else(|error| error.to_string(), |_| "no such value".to_owned())
}

fn is_exact(backend: &dyn SearchBackend, facet: Facet, selection: &Selection) -> bool {
    match selection {
        Selection::Value(value) => facet.kind() == FacetKind::Range || backend.has_value(facet, value),
        Selection::Range(_) | Selection::Missing => true,
    }
}

/// Whether a value is "Non renseigné", the label of missing values on pages.
fn is_missing(value: &str) -> bool {
    let bare = value.to_lowercase().replace(' ', "-").replace('é', "e");
    bare == MISSING
}
