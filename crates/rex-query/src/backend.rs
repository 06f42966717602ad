use std::ops::Range;
use std::sync::Arc;

use rex_corpus::Record;

use crate::completion::Completion;
use crate::deadline::Deadline;
use crate::error::SearchError;
use crate::facet::Facet;
use crate::facet_values::{FacetMatches, FacetQuery};
use crate::marked::Highlighter;
use crate::request::SearchRequest;
use crate::resolved_value::ResolvedValue;
use crate::response::SearchResponse;
use crate::similar::Similar;

/// Searches one generation of an index: tantivy in this process, or another engine.
///
/// Calls block; an asynchronous caller runs them on a thread pool. All answers of one backend come from one generation.
///
/// Every method returns [`SearchError::Unreadable`] if the index cannot be read. Those with a deadline return
/// [`SearchError::TimedOut`] when it has passed.
pub trait SearchBackend: Send + Sync {
    /// The generation and its size.
    fn info(&self) -> IndexInfo;

    /// Answers a request: hits, facet counts and suggestions. No hits past [`MAX_DEPTH`](crate::MAX_DEPTH).
    ///
    /// # Errors
    /// See [`SearchBackend`].
    fn search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError>;

    /// The values of a facet that match a query, among those of the hits of a request and the selected ones.
    ///
    /// Each word may match anywhere in a value or in its label, case and accents aside; in a hierarchy some may match the levels
    /// above, but not all. Where no value matches all words, prefixes one or two edits away match too.
    ///
    /// # Errors
    /// See [`SearchBackend`].
    fn facet_values(&self, request: &SearchRequest, query: &FacetQuery) -> Result<FacetMatches, SearchError>;

    /// Whether a case has a value of a term or hierarchical facet, written exactly so.
    fn has_value(&self, facet: Facet, value: &str) -> bool;

    /// Resolves a facet value as people type it to the values of the index: case, accents and plurals aside, by any name of a
    /// closed list, and for a territory by its last levels, its number or another name.
    ///
    /// # Errors
    /// See [`SearchBackend`].
    fn resolve_value(&self, facet: Facet, typed: &str, deadline: Deadline) -> Result<ResolvedValue, SearchError>;

    /// Completions of what was typed, the best first: at most `limit`, and at most
    /// [`MAX_COMPLETIONS`](crate::MAX_COMPLETIONS). For nothing typed, the most frequent values.
    ///
    /// # Errors
    /// See [`SearchBackend`].
    fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Completion>, SearchError>;

    /// The case with an id; `None` where there is none.
    ///
    /// # Errors
    /// See [`SearchBackend`].
    fn case(&self, id: &str) -> Result<Option<Record>, SearchError>;

    /// The cases most similar to the case with an id, at most `limit`, never the case itself; `None` where no case has the id.
    ///
    /// # Errors
    /// See [`SearchBackend`].
    fn similar(&self, id: &str, limit: usize) -> Result<Option<Vec<Similar>>, SearchError>;

    /// A highlighter for any text, which marks the words of a query as in its response.
    ///
    /// # Errors
    /// See [`SearchBackend`].
    fn highlighter(&self, query: &str) -> Result<Arc<dyn Highlighter>, SearchError>;

    /// The hits of a request in a range, from 0, at any depth; facets are not counted. For exports and feeds.
    ///
    /// # Errors
    /// See [`SearchBackend`].
    fn scan(&self, request: &SearchRequest, hits: Range<usize>) -> Result<Arc<dyn Scan>, SearchError>;
}

/// The generation that a backend searches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexInfo {
    /// Name of the generation.
    pub generation: String,
    /// Number of cases in it.
    pub cases: u64,
}

/// The ordered hits of one request, read in parts. It keeps reading its generation after a newer one is served.
pub trait Scan: Send + Sync {
    /// Number of hits.
    fn len(&self) -> usize;

    /// Whether there are no hits.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records of a range of hits, from 0; fewer where it ends.
    ///
    /// # Errors
    /// An index that cannot be read.
    fn records(&self, hits: Range<usize>) -> Result<Vec<Record>, SearchError>;
}
