use std::collections::BTreeMap;
use std::time::Duration;

use crate::facet::Facet;

/// Longest query answered, in characters.
pub const MAX_QUERY_CHARS: usize = 512;
/// Most hits on one page.
pub const MAX_PER_PAGE: usize = 100;
/// How deep one can page: the hits given are among the first so many.
pub const MAX_DEPTH: usize = 10_000;
/// Values listed of one facet, those of all levels together, where no other number is asked for.
pub const DEFAULT_VALUES: usize = 200;
/// Most values listed of one facet.
pub const MAX_VALUES: usize = 1_000;

/// One search, every value of it ready to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// What was typed: words, `"exact phrases"`, `-exclusions`. Empty for every case.
    pub query: String,
    /// How many of the words a hit has to hold.
    pub matching: Matching,
    /// What the hits are narrowed to, facet by facet: each facet is counted under the filters of the others.
    pub filters: Filters,
    /// What the hits and every count are narrowed to besides.
    pub condition: Condition,
    /// The order of the hits.
    pub sort: Sort,
    /// Hits passed over before the first that is given.
    pub offset: usize,
    /// Hits given at most; none when 0.
    pub limit: usize,
    /// The facets to count.
    pub facets: Vec<Facet>,
    /// Values listed of each facet, the selected ones first, which are all listed even where they are more.
    pub max_values: usize,
    /// Different numbers listed of each range facet, the least first.
    pub max_numbers: usize,
    /// How long the search may take, from when it begins: past it, it is stopped. Without, as long as it takes.
    pub time_limit: Option<Duration>,
}

impl Default for SearchRequest {
    /// Every case, the first ten, all facets counted.
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
            max_numbers: 0,
            time_limit: None,
        }
    }
}

impl SearchRequest {
    /// The same search at a page, from 1, of as many hits as its limit.
    #[must_use]
    pub fn at_page(&self, page: usize) -> Self {
        Self {
            offset: page.saturating_sub(1).saturating_mul(self.limit),
            ..self.clone()
        }
    }

    /// The page its first hit is on, from 1.
    pub fn page(&self) -> usize {
        self.offset.checked_div(self.limit).map_or(1, |before| before + 1)
    }

    /// How many pages of its hits there are of so many cases, as deep as one can page.
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
    /// All of them; where next to no case does, most of them.
    #[default]
    Most,
    /// All of them.
    All,
}

/// What a case has to fulfil, put together from values of facets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Every one of these; every case where there is none.
    All(Vec<Self>),
    /// One of these; no case where there is none.
    Any(Vec<Self>),
    /// The contrary.
    Not(Box<Self>),
    /// One of these selections of a facet.
    Has(Facet, Vec<Selection>),
    /// A value at a level of a hierarchy, 0 at the top.
    Reaches(Facet, usize),
}

impl Default for Condition {
    /// Every case.
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// What the hits are narrowed to: the selections of one facet are alternatives, the facets add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(BTreeMap<Facet, Vec<Selection>>);

impl Filters {
    /// Adds one selection; the same one twice counts once.
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

    /// Every facet that is narrowed, with its selections.
    pub fn iter(&self) -> impl Iterator<Item = (Facet, &[Selection])> {
        self.0.iter().map(|(facet, selections)| (*facet, selections.as_slice()))
    }

    /// Whether nothing is narrowed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One thing a facet is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// A value, or the path of one in a hierarchy, which stands for all below it.
    Value(String),
    /// Numbers of a range facet, or of one whose values are numbers.
    Range(Bounds),
    /// The cases without a value.
    Missing,
}

/// Bounds of a range, both included, in the unit of the facet: cents for `montant`, months for `duree`, years for `annee`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The least; none for no lower bound.
    pub from: Option<u64>,
    /// The most; none for no upper bound.
    pub to: Option<u64>,
}

impl Bounds {
    /// The numbers of a bucket: from one, included, to another, not included.
    pub fn up_to(from: u64, to: Option<u64>) -> Self {
        Self {
            from: Some(from),
            to: to.map(|to| to.saturating_sub(1)),
        }
    }

    /// Whether a number lies within.
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
    /// How many orders there are; by title is the last.
    pub const COUNT: usize = Self::Title as usize + 1;
}
