//! The answers to a search without words or filters, which do not change while a generation is served.

use std::sync::OnceLock;

use rex_query::Facet;
use tantivy::{DocAddress, Score};

use crate::error::Result;
use crate::scoring::rerank;
use rex_query::FacetCounts;
use rex_query::Sort;

/// The first hits among all cases in every order, and the counts of every facet over all cases. Each is computed once, on demand. Its
/// size is bounded by that of one response, whatever the size of the index.
#[derive(Default)]
pub(crate) struct MatchAllCache {
    hits: [OnceLock<Vec<(Score, DocAddress)>>; Sort::COUNT],
    facets: [OnceLock<FacetCounts>; Facet::ALL.len()],
}

impl MatchAllCache {
    /// Hits cached per order.
    pub(crate) const DEPTH: usize = rerank::DEPTH;

    /// The first hits in an order.
    pub(crate) fn hits(
        &self,
        sort: Sort,
        find: impl FnOnce() -> Result<Vec<(Score, DocAddress)>>,
    ) -> Result<&[(Score, DocAddress)]> {
        kept(&self.hits[sort as usize], find).map(Vec::as_slice)
    }

    /// The counts of a facet, with the default number of values.
    pub(crate) fn facet(&self, facet: Facet, count: impl FnOnce() -> Result<FacetCounts>) -> Result<&FacetCounts> {
        kept(&self.facets[facet as usize], count)
    }
}

/// The cached value, or the computed one. An error is not cached. Concurrent first calls may compute it twice.
fn kept<T>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(kept) = cell.get() {
        return Ok(kept);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}
