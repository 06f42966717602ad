//! The values of filters, as cases write them: what someone types or keeps in an address may be written otherwise.

use rex_corpus::Cpv;
use rex_query::{Facet, FacetKind, Filters, ResolvedValue, SearchBackend, SearchError, SearchRequest, Selection};

use crate::parameter_values::{MISSING, cpv};
use crate::problem::Problem;
use crate::query_string::MAX_SELECTIONS;

/// Why the values of filters cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// A value that no case has, and that is near one, or names several.
    #[error(transparent)]
    Unknown(#[from] Problem),
    /// The index cannot be read, or not in time.
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

/// Whether every filter is written as cases write it, as most are: nothing has to be read then.
pub fn are_exact(backend: &dyn SearchBackend, filters: &Filters) -> bool {
    filters
        .iter()
        .all(|(facet, selections)| selections.iter().all(|selection| is_exact(backend, facet, selection)))
}

/// The request with the values of its filters as cases write them, whatever their letter case, their accents, their level or the
/// name they are given. One that is not known, and near none that is, stays as it is and finds nothing.
///
/// # Errors
/// A value that is near another one, which is named; an index that cannot be read within the time of the request.
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
                // One value typed may be several: no more of them than may be typed.
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
    match backend.resolve_value(facet, value, request.time_limit)? {
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

/// What is wrong with a value that the facet cannot have.
fn malformed(value: &str) -> String {
    cpv(value).map_or_else(|error| error.to_string(), |_| "no such value".to_owned())
}

fn is_exact(backend: &dyn SearchBackend, facet: Facet, selection: &Selection) -> bool {
    match selection {
        Selection::Value(value) => facet.kind() == FacetKind::Range || backend.has_value(facet, value),
        Selection::Range(_) | Selection::Missing => true,
    }
}

/// Whether a value is « Non renseigné », as pages show the cases without one.
fn is_missing(value: &str) -> bool {
    let bare = value.to_lowercase().replace(' ', "-").replace('é', "e");
    bare == MISSING
}
