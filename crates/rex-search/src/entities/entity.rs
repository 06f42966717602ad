//! Entities of a query.

use std::ops::Range;

use rex_query::{Facet, Selection};

/// A part of a query that names a value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entity {
    /// Its bytes in the query, without surrounding spaces.
    pub(crate) range: Range<usize>,
    /// The facet.
    pub(crate) facet: Facet,
    /// The filter it stands for.
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

/// A reading of some tokens as facet values.
pub(super) struct EntityReading {
    pub(super) tokens: Range<usize>,
    /// Empty if the tokens are known to mean no value, so that no part of them is read as one.
    pub(super) selections: Vec<FacetSelection>,
    /// Whether the selections are the years of a period.
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
