use crate::facet::Facet;
use crate::marked::Marked;

/// A search among the values of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetQuery {
    /// A facet of terms or a hierarchy; a range has no values to search.
    pub facet: Facet,
    /// Words, each of which may match anywhere in a value. Empty for every value.
    pub words: String,
    /// Only values of this level of a hierarchy, 0 at the top.
    pub level: Option<usize>,
    /// Number of matches to skip.
    pub offset: usize,
    /// Most matches to return.
    pub limit: usize,
}

/// The matching values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacetMatches {
    /// Their number, returned or not.
    pub total: u64,
    /// The requested ones: the best matches first, then the most frequent.
    pub values: Vec<FacetMatch>,
    /// Number of cases without a value.
    pub missing: u64,
}

/// A matching value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetMatch {
    /// The value, or its path in a hierarchy: selects it in a filter.
    pub path: String,
    /// The value, or the last level of its path, with the matching parts marked.
    pub name: Marked,
    /// Its label, with the matching parts marked.
    pub label: Option<Marked>,
    /// Number of cases with it or a value below it, under the filters of the other facets.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
}
