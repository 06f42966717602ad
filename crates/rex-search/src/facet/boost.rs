//! Boosts the hits that have a value of a facet.

use rex_index::FacetColumns;
use rex_query::{Facet, Selection};
use tantivy::Score;

use crate::facet::filter::CodeFilter;

/// Values of a facet that raise the cases that have one of them.
#[derive(Debug, Clone)]
pub(crate) struct Boost {
    pub(crate) facet: Facet,
    /// Any of them will do.
    pub(crate) selections: Vec<Selection>,
    pub(crate) by: Score,
}

impl Boost {
    /// What says which cases it raises.
    pub(crate) fn filter(&self, facets: &FacetColumns) -> tantivy::Result<CodeFilter> {
        CodeFilter::new(facets.table(self.facet), &self.selections)
    }
}
