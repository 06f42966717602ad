//! Errors of building and changing an index.

use std::io;
use std::path::{Path, PathBuf};

use rex_corpus::{CorpusError, Report};
use rex_index::IndexError;
use tantivy::TantivyError;

/// Why an index was not built or changed.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The corpus folder cannot be read.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// The corpus has problems; nothing was built.
    #[error("{} in the corpus; the index was not built", problem_count(.0))]
    Problems(Report),
    /// The index folder cannot be created or written.
    #[error("cannot write the index folder {}: {source}; name another with --index", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// No older generation to roll back to.
    #[error("no generation in {} to go back to; `rex generations` lists them", .0.display())]
    NothingOlder(PathBuf),
    /// Not enough disk space for the build.
    #[error(
        "building takes about {} in {}, which has {} free; make room, keep fewer generations ([generations] keep), or name another folder with --index",
        megabytes(*.needed), .folder.display(), megabytes(*.free)
    )]
    Space {
        /// The index folder.
        folder: PathBuf,
        /// Estimated need in bytes.
        needed: u64,
        /// Free space in bytes.
        free: u64,
    },
    /// The gate refused to make the new generation current; the text says why.
    #[error("{0}")]
    Refused(String),
    /// The build was stopped on request; what it wrote is removed.
    #[error("stopped; what was not complete is removed")]
    Stopped,
    /// The index cannot be read or written.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl BuildError {
    /// Maps an I/O error of an action on a file.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| IndexError::Io { action, path, source }.into()
    }

    /// Whether the user can correct the cause, as opposed to a failure of Rex or the machine.
    pub fn is_user_input(&self) -> bool {
        match self {
            Self::Space { .. } | Self::Corpus(CorpusError::Io { .. }) => false,
            Self::Index(error) => error.is_user_input(),
            _ => true,
        }
    }
}

impl From<TantivyError> for BuildError {
    fn from(error: TantivyError) -> Self {
        Self::Index(IndexError::Engine(error))
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn problem_count(report: &Report) -> String {
    match report.problem_count() {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    }
}
