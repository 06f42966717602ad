//! The values of filters, as cases write them: what someone types or keeps in an address may be written otherwise.

use rex_corpus::Cpv;
use rex_search::{Engine, Facet, FacetKind, Filters, SearchError, SearchRequest, Selection, ValueReading};

use crate::problem::Problem;
use crate::query::{MAX_SELECTIONS, MISSING};

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

/// Whether every filter is written as cases write it, as most are: nothing has to be read then.
pub(crate) fn are_exact(engine: &Engine, filters: &Filters) -> bool {
    filters
        .iter()
        .all(|(facet, selections)| selections.iter().all(|selection| is_exact(engine, facet, selection)))
}

/// The request with the values of its filters as cases write them, whatever their letter case, their accents, their level or the
/// name they are given. One that is not known, and near none that is, stays as it is and finds nothing.
///
/// # Errors
/// A value that is near another one, which is named; an index that cannot be read within the time of the request.
pub fn resolve_filters(engine: &Engine, request: SearchRequest) -> Result<SearchRequest, FilterError> {
    if are_exact(engine, &request.filters) {
        return Ok(request);
    }
    let mut filters = Filters::default();
    let mut count = 0;
    for (facet, selections) in request.filters.iter() {
        for selection in selections {
            for read in resolved(engine, facet, selection, &request)? {
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
    engine: &Engine,
    facet: Facet,
    selection: &Selection,
    request: &SearchRequest,
) -> Result<Vec<Selection>, FilterError> {
    let Selection::Value(value) = selection else {
        return Ok(vec![selection.clone()]);
    };
    if is_exact(engine, facet, selection) {
        return Ok(vec![selection.clone()]);
    }
    match engine.read_value(facet, value, request.time_limit)? {
        ValueReading::Values(values) => Ok(values.into_iter().map(Selection::Value).collect()),
        _ if is_missing(value) => Ok(vec![Selection::Missing]),
        ValueReading::Likely(likely) => Err(Problem::UnknownValue {
            parameter: facet.name().to_owned(),
            value: value.chars().take(60).collect(),
            likely,
        }
        .into()),
        ValueReading::Unknown if facet == Facet::Cpv && Cpv::parse(value).is_err() => {
            let value: String = value.chars().take(60).collect();
            let detail = format!("\"{value}\" is no code that a case has, nor one that is printed so");
            Err(Problem::invalid(facet.name(), detail).into())
        }
        ValueReading::Unknown => Ok(vec![selection.clone()]),
    }
}

fn is_exact(engine: &Engine, facet: Facet, selection: &Selection) -> bool {
    match selection {
        Selection::Value(value) => facet.kind() == FacetKind::Range || engine.has_value(facet, value),
        Selection::Range(_) | Selection::Missing => true,
    }
}

/// Whether a value is « Non renseigné », as pages show the cases without one.
fn is_missing(value: &str) -> bool {
    let bare = value.to_lowercase().replace(' ', "-").replace('é', "e");
    bare == MISSING
}
