//! The search contract: the plain types of requests and responses, and [`SearchBackend`], the trait of every engine. It knows no
//! engine, HTTP or JSON.
//!
//! | room | what |
//! |---|---|
//! | `request`, `facet`, `buckets`, `deadline` | [`SearchRequest`], its filters, its facets and its time |
//! | `response`, `facet_counts`, `suggestions`, `marked` | [`SearchResponse`] and its parts |
//! | `facet_values`, `resolved_value`, `completion`, `similar` | the other questions, with their answers |
//! | `backend`, `error` | the trait, and how it fails |
//! | `conformance` | the checks that every backend passes (feature `conformance`) |

mod backend;
mod buckets;
mod completion;
mod completion_kind;
#[cfg(feature = "conformance")]
pub mod conformance;
mod deadline;
mod error;
mod facet;
mod facet_counts;
mod facet_values;
mod marked;
mod query_length;
mod request;
mod resolved_value;
mod response;
mod similar;
mod suggestions;

pub use backend::{IndexInfo, Scan, SearchBackend};
pub use buckets::{bars, steps};
pub use completion::{Completion, MAX_COMPLETIONS};
pub use completion_kind::CompletionKind;
pub use deadline::{Deadline, DeadlinePassed};
pub use error::SearchError;
pub use facet::{Facet, FacetKind, PATH_SEPARATOR};
pub use facet_counts::{Bucket, FacetCounts, FacetValue, TreeValue};
pub use facet_values::{FacetMatch, FacetMatches, FacetQuery};
pub use marked::{Highlighter, Marked, NoHighlights};
pub use query_length::{cut_query, query_length};
pub use request::{
    Bounds, Condition, DEFAULT_VALUES, Filters, MAX_DEPTH, MAX_PER_PAGE, MAX_QUERY_CHARS, MAX_VALUES, Matching,
    SearchRequest, Selection, Sort,
};
pub use resolved_value::ResolvedValue;
pub use response::{Highlights, Hit, SearchResponse, Snippet};
pub use similar::{Reason, Similar};
pub use suggestions::{Chip, Correction, Suggestions};
