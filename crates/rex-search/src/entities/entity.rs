//! What a part of a query is read as.

use std::ops::Range;

use rex_query::{Facet, Selection};

/// A part of a query that names a value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entity {
    /// Its bytes in the query, no space at either end.
    pub(crate) range: Range<usize>,
    /// The facet.
    pub(crate) facet: Facet,
    /// What the facet would be narrowed to.
    pub(crate) selection: Selection,
    /// Whether it is one of the years of a period.
    pub(super) is_of_a_period: bool,
}

impl Entity {
    /// Whether it names the bounds of numbers or years rather than one number or value.
    pub(crate) fn is_bound(&self) -> bool {
        self.is_of_a_period || matches!(&self.selection, Selection::Range(bounds) if bounds.from != bounds.to)
    }
}

pub(super) type FacetSelection = (Facet, Selection);

/// What words at one place of a query can be read as.
pub(super) struct EntityReading {
    pub(super) tokens: Range<usize>,
    /// None where they are known to mean no value, so that no part of them is read as one.
    pub(super) selections: Vec<FacetSelection>,
    /// Whether the meanings are the years of a period.
    pub(super) is_period: bool,
}

impl EntityReading {
    pub(super) fn new(tokens: Range<usize>, facet: Facet, selection: Selection) -> Self {
        Self::several(tokens, vec![(facet, selection)])
    }

    pub(super) fn several(tokens: Range<usize>, selections: Vec<FacetSelection>) -> Self {
        Self {
            tokens,
            selections,
            is_period: false,
        }
    }

    pub(super) fn nothing(tokens: Range<usize>) -> Self {
        Self::several(tokens, Vec::new())
    }
}
