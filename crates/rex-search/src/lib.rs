//! The read side: a [`SearchRequest`] in, a [`SearchResponse`] out.
//!
//! ```text
//! what was typed ─ parse ─ words, phrases, exclusions ─ plan ─ query tree
//!                                                                 │
//! filters, facets, sort ───────────────── collect: one pass over the matches
//!                                                                 │
//!                              hits (highlight, snippet) and facet counts ─ SearchResponse
//! ```
//!
//! Nothing of the engine underneath shows in the request and the response. The read side starts no thread and opens no
//! file: it is given the directory to read from.

mod collector;
mod engine;
mod entities;
mod facet;
mod highlight;
mod more_like_this;
mod query;
mod request;
mod response;
mod scoring;
mod spellcheck;
mod suggest;

pub use collector::scan::Listing;
pub use engine::{Engine, SearchError};
pub use facet::histogram::{bars, steps};
pub use facet::value_search::{FacetMatch, FacetMatches, FacetQuery, LabelOf};
pub use highlight::highlighter::Highlighter;
pub use more_like_this::similar::{Reason, Similar};
pub use request::{
    Bounds, Condition, DEFAULT_VALUES, Filters, MAX_DEPTH, MAX_PER_PAGE, MAX_QUERY_CHARS, MAX_VALUES, Matching,
    SearchRequest, Selection, Sort,
};
pub use response::{
    Bucket, Chip, Correction, FacetCounts, FacetValue, Highlights, Hit, Marked, SearchResponse, Snippet, Suggestions,
    TreeValue,
};
pub use scoring::explain::{Explanation, MatchExplanation, MatchPlace, MatchRule, WordExplanation};

pub use entities::codes_meant;
pub use facet::value_resolver::ValueReading;
pub use query::ranking_rules::{RankingRule, Settings};
pub use rex_index::{CompletionKind, Facet, FacetKind, PATH_SEPARATOR};
pub use suggest::{Completion, CpvCompletions, MAX_COMPLETIONS};
