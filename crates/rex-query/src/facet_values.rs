use crate::facet::Facet;
use crate::marked::Marked;

/// What is looked for among the values of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetQuery {
    /// A facet of terms or a hierarchy; a range has no values to look among.
    pub facet: Facet,
    /// Words, each found anywhere in a value. Empty for every value.
    pub words: String,
    /// Only values of this level of a hierarchy, 0 at the top.
    pub level: Option<usize>,
    /// Values passed over before the first that is given.
    pub offset: usize,
    /// Values given at most.
    pub limit: usize,
}

/// The values found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacetMatches {
    /// How many there are, given or not.
    pub total: u64,
    /// Those asked for: by how they hold the words, then the most frequent first.
    pub values: Vec<FacetMatch>,
    /// Cases without a value.
    pub missing: u64,
}

/// A value found and how many cases have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetMatch {
    /// What selects it: the value, or its path in a hierarchy.
    pub path: String,
    /// The value, or the last level of its path, with the parts that were asked for.
    pub name: Marked,
    /// What it is called besides, with the parts that were asked for.
    pub label: Option<Marked>,
    /// Cases that have it, or anything below it, under the filters of the other facets.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
}
