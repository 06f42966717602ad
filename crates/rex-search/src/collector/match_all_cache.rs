//! What a search without a word or a filter answers: the same as long as a generation is served.

use std::sync::OnceLock;

use rex_query::Facet;
use tantivy::{DocAddress, Score};

use crate::error::Result;
use crate::scoring::proximity;
use rex_query::FacetCounts;
use rex_query::Sort;

/// The first hits among all cases in every order, and the counts of every facet over all cases, each kept once it was asked
/// for: at most so many hits and values as one answer has, whatever the size of the index.
#[derive(Default)]
pub(crate) struct MatchAllCache {
    hits: [OnceLock<Vec<(Score, DocAddress)>>; Sort::COUNT],
    facets: [OnceLock<FacetCounts>; Facet::ALL.len()],
}

impl MatchAllCache {
    /// Hits kept of each order.
    pub(crate) const DEPTH: usize = proximity::DEPTH;

    /// The first hits in an order.
    pub(crate) fn hits(
        &self,
        sort: Sort,
        find: impl FnOnce() -> Result<Vec<(Score, DocAddress)>>,
    ) -> Result<&[(Score, DocAddress)]> {
        kept(&self.hits[sort as usize], find).map(Vec::as_slice)
    }

    /// The counts of a facet, as many of its values as are listed where no other number is asked for.
    pub(crate) fn facet(&self, facet: Facet, count: impl FnOnce() -> Result<FacetCounts>) -> Result<&FacetCounts> {
        kept(&self.facets[facet as usize], count)
    }
}

/// What is kept or, the first time, what is made; an error is not kept. Two that come first at once both make it.
fn kept<T>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(kept) = cell.get() {
        return Ok(kept);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}
