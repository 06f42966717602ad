use std::collections::BTreeMap;

use rex_index::Facet;

/// Longest query answered, in characters.
pub const MAX_QUERY_CHARS: usize = 512;
/// Most hits on one page.
pub const MAX_PER_PAGE: usize = 100;
/// How deep one can page: `page * per_page` is at most this.
pub const MAX_DEPTH: usize = 10_000;

/// One search, every value of it ready to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// What was typed: words, `"exact phrases"`, `-exclusions`. Empty for every case.
    pub query: String,
    /// What the hits are narrowed to.
    pub filters: Filters,
    /// The order of the hits.
    pub sort: Sort,
    /// From 1.
    pub page: usize,
    /// Hits on a page, from 1.
    pub per_page: usize,
    /// The facets to count.
    pub facets: Vec<Facet>,
}

impl Default for SearchRequest {
    /// Every case, the first ten, all facets counted.
    fn default() -> Self {
        Self {
            query: String::new(),
            filters: Filters::default(),
            sort: Sort::default(),
            page: 1,
            per_page: 10,
            facets: Facet::ALL.to_vec(),
        }
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
    /// Numbers of a range facet.
    Range(Bounds),
    /// The cases without a value.
    Missing,
}

/// Bounds of a range, both included, in the unit of the facet: cents for `montant`, months for `duree`.
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
