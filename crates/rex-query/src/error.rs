#[cfg(doc)]
use crate::request::SearchRequest;

/// Why a search has no answer. Never the fault of what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index could not be read: damage on disk, or an index that is not ours.
    #[error("the index of generation {generation} cannot be read: {source}")]
    Unreadable {
        /// The generation.
        generation: String,
        /// What the engine underneath says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The search was not done within [`SearchRequest::time_limit`], and was stopped.
    #[error("the search was stopped: its time was over")]
    TimedOut,
}
