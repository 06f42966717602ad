use std::sync::Arc;

use rex_corpus::Record;

use crate::facet::Facet;
use crate::facet_counts::FacetCounts;
use crate::marked::{Highlighter, Marked};
use crate::similar::Similar;
use crate::suggestions::Suggestions;

/// The response to a search.
#[derive(Debug, Clone)]
pub struct SearchResponse {
    /// Number of cases that match, filters applied.
    pub total: u64,
    /// The generation that answered.
    pub generation: String,
    /// The requested hits, in order.
    pub hits: Vec<Hit>,
    /// Marks the words of the query in any other text of a hit.
    pub highlighter: Arc<dyn Highlighter>,
    /// The requested facets, in that order.
    pub facets: Vec<(Facet, FacetCounts)>,
    /// Help for the person who searches.
    pub suggestions: Suggestions,
    /// Cases near in meaning, the nearest first, where a word is in no case or nothing is found, and at most a hundred cases are hits.
    /// They are no hits: they are not counted, and on the first page only.
    pub near_by_meaning: Vec<Similar>,
}

/// A hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The case, its sections included.
    pub record: Arc<Record>,
    /// Its score; 0 if hits are not ordered by relevance.
    pub score: f32,
    /// Its short fields, with marks.
    pub highlights: Highlights,
    /// The best passage of each section that matches, in the order of the sections.
    pub snippets: Vec<Snippet>,
}

/// The short fields of a hit, all of them, marked where they match.
#[derive(Debug, Clone, PartialEq)]
pub struct Highlights {
    /// The title.
    pub title: Marked,
    /// The buyer's name.
    pub buyer: Option<Marked>,
    /// The holders' names.
    pub holders: Vec<Marked>,
}

/// A passage of a section.
#[derive(Debug, Clone, PartialEq)]
pub struct Snippet {
    /// The title of the section.
    pub section: String,
    /// The passage.
    pub passage: Marked,
}
