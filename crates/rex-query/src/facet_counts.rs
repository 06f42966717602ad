/// The counts of one facet under every filter but its own.
#[derive(Debug, Clone, PartialEq)]
pub enum FacetCounts {
    /// Of plain values, the most frequent first.
    Terms {
        /// The values.
        values: Vec<FacetValue>,
        /// Different values that cases have, listed or not.
        distinct: u64,
        /// Cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
    /// Of values within values.
    Hierarchy {
        /// The top of the hierarchy, the most frequent first.
        values: Vec<TreeValue>,
        /// Different values that cases have at any level, listed or not.
        distinct: u64,
        /// Cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
    /// Of numbers, in the unit of the facet.
    Range {
        /// The least; none where no case has a value.
        min: Option<u64>,
        /// The most.
        max: Option<u64>,
        /// Every bucket, empty or not, the lowest first.
        buckets: Vec<Bucket>,
        /// Finer ones, to draw: from the one that holds the least number to the one that holds the most, the lowest first.
        histogram: Vec<Bucket>,
        /// The least numbers that cases have and how many have them, as many as were asked for.
        numbers: Vec<(u64, u64)>,
        /// Cases without a value.
        missing: u64,
        /// Whether the cases without a value are selected.
        missing_selected: bool,
    },
}

/// A value and how many cases have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// Cases that have it.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
}

/// A value of a hierarchy and what is below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeValue {
    /// Its own name: the last level of its path.
    pub value: String,
    /// The path that selects it.
    pub path: String,
    /// Cases that have it, or anything below it.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
    /// The level below, the most frequent first.
    pub children: Vec<TreeValue>,
}

/// Numbers from a bound, included, to another, not included: each number is in one bucket only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The least it holds.
    pub from: u64,
    /// What it stops short of; none for no end.
    pub to: Option<u64>,
    /// Cases in it.
    pub count: u64,
    /// Whether it is selected, by these very bounds.
    pub selected: bool,
}
