use std::io;
use std::path::{Path, PathBuf};

use rex_corpus::{CorpusError, Report};

/// Why an index was not built or cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The corpus folder cannot be read.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// Records of the corpus are wrong; nothing was built.
    #[error("{} in the corpus; the index was not built", problem_count(.0))]
    Problems(Report),
    /// The index folder cannot be made or written.
    #[error("cannot write the index folder {}: {source}; name another with --index", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the index cannot be read or written.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// "read", "write"...
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A generation that this build of Rex does not read.
    #[error("generation {name} cannot be used: {reason}; run `rex index` to build it again")]
    Unusable {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// The pointer names no generation.
    #[error("{} names no generation; run `rex index` to write it again", .0.display())]
    Pointer(PathBuf),
    /// There is no generation of a name.
    #[error("no generation {name} in {}; `rex generations` lists them", .folder.display())]
    NoGeneration {
        /// What was asked for.
        name: String,
        /// The folder of the index.
        folder: PathBuf,
    },
    /// There is no generation to go back to.
    #[error("no generation in {} to go back to; `rex generations` lists them", .0.display())]
    NothingOlder(PathBuf),
    /// The disk has no room for what is to be built.
    #[error(
        "building takes about {} in {}, which has {} free; make room, keep fewer generations ([generations] keep), or name another folder with --index",
        megabytes(*.needed), .folder.display(), megabytes(*.free)
    )]
    Space {
        /// The folder of the index.
        folder: PathBuf,
        /// Bytes needed, as estimated.
        needed: u64,
        /// Bytes free.
        free: u64,
    },
    /// What was built is not good enough to be made current.
    #[error("{0}")]
    Refused(String),
    /// The engine underneath failed.
    #[error("the index engine failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
}

impl IndexError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Whether the user's input is at fault, rather than Rex or the machine.
    pub fn is_user_input(&self) -> bool {
        !matches!(
            self,
            Self::Io { .. } | Self::Space { .. } | Self::Engine(_) | Self::Corpus(CorpusError::Io { .. })
        )
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
