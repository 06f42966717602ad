use std::sync::Arc;

use rex_corpus::Record;

use crate::facet::Facet;
use crate::facet_counts::FacetCounts;
use crate::marked::{Highlighter, Marked};
use crate::suggestions::Suggestions;

/// What a search found.
#[derive(Debug, Clone)]
pub struct SearchResponse {
    /// Cases that match, filters applied.
    pub total: u64,
    /// The generation that answered.
    pub generation: String,
    /// The hits asked for, in order.
    pub hits: Vec<Hit>,
    /// Marks the words found in any other text of a hit.
    pub highlighter: Arc<dyn Highlighter>,
    /// The facets asked for, in the order asked.
    pub facets: Vec<(Facet, FacetCounts)>,
    /// What may help the person who searches.
    pub suggestions: Suggestions,
}

/// One case found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The case, its sections included.
    pub record: Arc<Record>,
    /// How well it matches; 0 where hits are not in the order of relevance.
    pub score: f32,
    /// Its short fields with the words found.
    pub highlights: Highlights,
    /// The best passage of each section that matches, in the order of the sections.
    pub snippets: Vec<Snippet>,
}

/// The short fields of a hit with the words found; all of them, marked or not.
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
