use std::collections::BTreeMap;

use crate::deadline::Deadline;
use crate::facet::Facet;

/// Longest query, in characters as [`query_length`](crate::query_length) counts them.
pub const MAX_QUERY_CHARS: usize = 512;
/// Most hits on one page.
pub const MAX_PER_PAGE: usize = 100;
/// Depth of paging: only this many of the first hits are returned.
pub const MAX_DEPTH: usize = 10_000;
/// Default number of listed values of a facet, those of all levels together.
pub const DEFAULT_VALUES: usize = 200;
/// Most listed values of a facet.
pub const MAX_VALUES: usize = 1_000;

/// A search request, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// The query: words, `"exact phrases"`, `-exclusions`. Empty for every case.
    pub query: String,
    /// How many of the words a hit has to hold.
    pub matching: Matching,
    /// The filters. Each facet is counted under the filters of the others.
    pub filters: Filters,
    /// A further condition, on the hits and on every count.
    pub condition: Condition,
    /// The order of the hits.
    pub sort: Sort,
    /// Number of hits to skip.
    pub offset: usize,
    /// Most hits to return; none if 0.
    pub limit: usize,
    /// The facets to count.
    pub facets: Vec<Facet>,
    /// Listed values per facet. The selected ones come first, and are all listed even if there are more.
    pub max_values: usize,
    /// Values listed of each level of a hierarchy, beside its tree.
    pub max_per_level: usize,
    /// Distinct numbers listed of each range facet, the lowest first.
    pub max_numbers: usize,
    /// When the search has to be finished.
    pub deadline: Deadline,
}

impl Default for SearchRequest {
    /// Every case, the first ten hits, all facets counted.
    fn default() -> Self {
        Self {
            query: String::new(),
            matching: Matching::default(),
            filters: Filters::default(),
            condition: Condition::default(),
            sort: Sort::default(),
            offset: 0,
            limit: 10,
            facets: Facet::ALL.to_vec(),
            max_values: DEFAULT_VALUES,
            max_per_level: 0,
            max_numbers: 0,
            deadline: Deadline::NONE,
        }
    }
}

impl SearchRequest {
    /// The same request for a page, from 1, of `limit` hits.
    #[must_use]
    pub fn at_page(&self, page: usize) -> Self {
        Self {
            offset: page.saturating_sub(1).saturating_mul(self.limit),
            ..self.clone()
        }
    }

    /// The page of the first hit, from 1.
    pub fn page(&self) -> usize {
        self.offset.checked_div(self.limit).map_or(1, |before| before + 1)
    }

    /// Number of pages for a total, within [`MAX_DEPTH`].
    pub fn pages(&self, total: u64) -> usize {
        let reachable = usize::try_from(total).unwrap_or(usize::MAX).min(MAX_DEPTH);
        if self.limit == 0 {
            0
        } else {
            reachable.div_ceil(self.limit)
        }
    }
}

/// How many of the words a hit has to hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Matching {
    /// All of them; if too few cases do, most of them.
    #[default]
    Most,
    /// All of them.
    All,
}

/// A condition over facets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of these; true if empty.
    All(Vec<Self>),
    /// Any of these; false if empty.
    Any(Vec<Self>),
    /// Negation.
    Not(Box<Self>),
    /// Any of these selections of a facet.
    Has(Facet, Vec<Selection>),
    /// Any value at a level of a hierarchy, 0 at the top.
    Reaches(Facet, usize),
}

impl Default for Condition {
    /// Every case.
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// Filters: the selections of one facet are alternatives, and every facet has to match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(BTreeMap<Facet, Vec<Selection>>);

impl Filters {
    /// Adds a selection, once.
    pub fn add(&mut self, facet: Facet, selection: Selection) {
        let selections = self.0.entry(facet).or_default();
        if !selections.contains(&selection) {
            selections.push(selection);
        }
    }

    /// The selections of a facet.
    pub fn of(&self, facet: Facet) -> &[Selection] {
        self.0.get(&facet).map_or(&[], Vec::as_slice)
    }

    /// Every filtered facet, with its selections.
    pub fn iter(&self) -> impl Iterator<Item = (Facet, &[Selection])> {
        self.0.iter().map(|(facet, selections)| (*facet, selections.as_slice()))
    }

    /// Whether there is no filter.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A selection of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// A value, or a path in a hierarchy, with all below it.
    Value(String),
    /// Numbers of a range facet, or of one whose values are numbers.
    Range(Bounds),
    /// The cases without a value.
    Missing,
}

/// Bounds of a range, both included, in the unit of the facet: cents for `montant`, months for `duree`, years for `annee`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Lower bound; `None` if there is none.
    pub from: Option<u64>,
    /// Upper bound; `None` if there is none.
    pub to: Option<u64>,
}

impl Bounds {
    /// The bounds of a bucket: from a number, included, to another, excluded.
    pub fn up_to(from: u64, to: Option<u64>) -> Self {
        Self {
            from: Some(from),
            to: to.map(|to| to.saturating_sub(1)),
        }
    }

    /// Whether a number is within.
    pub fn contains(self, number: u64) -> bool {
        self.from.is_none_or(|from| from <= number) && self.to.is_none_or(|to| number <= to)
    }
}

/// The order of the hits. Cases without the value come last in both directions; ties are in the order of the ids.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// The best match first.
    #[default]
    Relevance,
    /// The smallest amount first.
    Amount,
    /// The largest amount first.
    AmountDescending,
    /// The oldest first.
    Date,
    /// The newest first.
    DateDescending,
    /// The shortest first.
    Duration,
    /// The longest first.
    DurationDescending,
    /// By title, accents and capitals aside.
    Title,
}

impl Sort {
    /// Number of orders.
    pub const COUNT: usize = Self::Title as usize + 1;
}
