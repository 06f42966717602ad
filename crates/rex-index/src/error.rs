//! Errors of opening and reading an index.

use std::io;
use std::path::{Path, PathBuf};

/// Why an index cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// A file of the index cannot be read or written.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// "read", "write"...
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A generation that is damaged, or of another format or analyzer.
    #[error("generation {name} cannot be used: {reason}; run `rex index` to build it again")]
    Unusable {
        /// Name of the generation.
        name: String,
        /// The reason, as the end of a sentence.
        reason: String,
    },
    /// A pointer file that names no generation.
    #[error("{} names no generation; run `rex index` to write it again", .0.display())]
    Pointer(PathBuf),
    /// No generation has the given name.
    #[error("no generation {name} in {}; `rex generations` lists them", .folder.display())]
    NoGeneration {
        /// The name.
        name: String,
        /// The folder of the index.
        folder: PathBuf,
    },
    /// An error of tantivy.
    #[error("the index engine failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
}

impl IndexError {
    /// Maps an I/O error of an action on a file.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Whether the user can correct the cause, as opposed to a failure of Rex or the machine.
    pub fn is_user_input(&self) -> bool {
        !matches!(self, Self::Io { .. } | Self::Engine(_))
    }
}
