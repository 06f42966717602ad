//! Boosts hits that have a facet value.

use rex_index::FacetColumns;
use rex_query::{Facet, Selection};
use tantivy::Score;

use crate::facet::filter::CodeFilter;

/// A boost for the documents with one of some values of a facet.
#[derive(Debug, Clone)]
pub(crate) struct Boost {
    pub(crate) facet: Facet,
    /// Any of them.
    pub(crate) selections: Vec<Selection>,
    pub(crate) by: Score,
}

impl Boost {
    /// The filter for the boosted documents.
    pub(crate) fn filter(&self, facets: &FacetColumns) -> tantivy::Result<CodeFilter> {
        CodeFilter::new(facets.table(self.facet), &self.selections)
    }
}
