//! Errors inside the engine.

use rex_query::{DeadlinePassed, SearchError};
use tantivy::TantivyError;

/// Why a search has no answer.
#[derive(Debug)]
pub(crate) enum Error {
    /// The deadline of the request has passed.
    TimedOut,
    /// The index cannot be read: an error of tantivy, or a damaged file.
    Index(TantivyError),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Converts it to the public error, with the name of the generation.
    pub(crate) fn of_generation(self, generation: &str) -> SearchError {
        match self {
            Self::TimedOut => SearchError::TimedOut,
            Self::Index(error) => SearchError::Unreadable {
                generation: generation.to_owned(),
                source: error.into(),
            },
        }
    }
}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Self {
        Self::Index(error)
    }
}

impl From<DeadlinePassed> for Error {
    fn from(_: DeadlinePassed) -> Self {
        Self::TimedOut
    }
}
