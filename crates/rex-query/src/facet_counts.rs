/// The counts of one facet, under every filter but its own.
#[derive(Debug, Clone, PartialEq)]
pub enum FacetCounts {
    /// Plain values.
    Terms {
        /// The listed values, the most frequent first.
        values: Vec<FacetValue>,
        /// Number of distinct values, listed or not.
        distinct: u64,
        /// Number of cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
    /// Nested values.
    Hierarchy {
        /// The top level, the most frequent first.
        values: Vec<TreeValue>,
        /// The most frequent values of each level, from the top, by path with their counts; ties in the order of the paths. At most
        /// [`max_per_level`](crate::SearchRequest::max_per_level) a level; empty if that is 0.
        levels: Vec<Vec<(String, u64)>>,
        /// Number of distinct values at all levels, listed or not.
        distinct: u64,
        /// Number of cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
    /// Numbers, in the unit of the facet.
    Range {
        /// The minimum; `None` if no case has a value.
        min: Option<u64>,
        /// The maximum.
        max: Option<u64>,
        /// Every bucket, empty or not, the lowest first.
        buckets: Vec<Bucket>,
        /// The bars of the histogram, finer than the buckets: from the one with the minimum to the one with the maximum, the
        /// lowest first.
        histogram: Vec<Bucket>,
        /// The lowest numbers and their counts, [`max_numbers`](crate::SearchRequest::max_numbers) of them.
        numbers: Vec<(u64, u64)>,
        /// Number of cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
}

/// A value and its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// Number of cases with it.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
}

/// A value of a hierarchy, with those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeValue {
    /// Its name: the last level of its path.
    pub value: String,
    /// The path that selects it.
    pub path: String,
    /// Number of cases with it, or with a value below it.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
    /// The next level, the most frequent first.
    pub children: Vec<TreeValue>,
}

/// Numbers from a lower bound, included, to an upper bound, excluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Lower bound.
    pub from: u64,
    /// Upper bound, excluded; `None` if there is none.
    pub to: Option<u64>,
    /// Number of cases in it.
    pub count: u64,
    /// Whether exactly these bounds are selected.
    pub selected: bool,
}
