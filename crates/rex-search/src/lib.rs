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

mod by_code;
mod cases_first;
mod collect;
mod condition;
mod correct;
mod counts;
mod deadline;
mod engine;
mod everything;
mod explain;
mod facet;
mod facet_values;
mod filter;
mod having;
mod highlight;
mod joins;
mod listing;
mod meaning;
mod occurrences;
mod parse;
mod plan;
mod prepared;
mod proximity;
mod range;
mod reading;
mod request;
mod response;
mod sequence;
mod settings;
mod similar;
mod snippet;
mod spelling;
mod suggest;
mod tally;
mod telling;
mod top;
mod typing_errors;
mod understand;
mod value_match;
mod value_reading;
mod vocabulary;
mod widening;
mod word;
mod words;

pub use engine::{Engine, SearchError};
pub use explain::{Explanation, MatchExplanation, MatchPlace, MatchRule, WordExplanation};
pub use facet_values::{FacetMatch, FacetMatches, FacetQuery, LabelOf};
pub use highlight::Highlighter;
pub use listing::Listing;
pub use range::{bars, steps};
pub use request::{
    Bounds, Condition, DEFAULT_VALUES, Filters, MAX_DEPTH, MAX_PER_PAGE, MAX_QUERY_CHARS, MAX_VALUES, Matching,
    SearchRequest, Selection, Sort,
};
pub use response::{
    Bucket, Chip, Correction, FacetCounts, FacetValue, Highlights, Hit, Marked, SearchResponse, Snippet, Suggestions,
    TreeValue,
};
pub use similar::{Reason, Similar};

pub use rex_index::{CompletionKind, Facet, FacetKind, PATH_SEPARATOR};
pub use settings::{RankingRule, Settings};
pub use suggest::{Completion, CpvCompletions, MAX_COMPLETIONS};
pub use understand::codes_meant;
pub use value_reading::ValueReading;
