use crate::deadline::DeadlinePassed;
#[cfg(doc)]
use crate::request::SearchRequest;

/// Why a search has no response. It is never the fault of the request.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index cannot be read: it is damaged, or not a Rex index.
    #[error("the index of generation {generation} cannot be read: {source}")]
    Unreadable {
        /// The generation.
        generation: String,
        /// The error of the engine.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The search exceeded [`SearchRequest::deadline`] and was stopped.
    #[error("the search was stopped: its time was over")]
    TimedOut,
}

impl From<DeadlinePassed> for SearchError {
    fn from(_: DeadlinePassed) -> Self {
        Self::TimedOut
    }
}
