//! Why work inside the engine stops.

use rex_query::SearchError;
use tantivy::TantivyError;

/// An index that cannot be read, or a deadline that is past.
#[derive(Debug)]
pub(crate) enum Error {
    /// Past the time limit of the request.
    TimedOut,
    /// tantivy, or a file of the index.
    Index(TantivyError),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The same as callers see it, of a generation.
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
