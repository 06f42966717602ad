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
    /// The engine underneath failed.
    #[error("the index engine failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
}

impl IndexError {
    /// The error of an action on a file, to map an I/O error with.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Whether the user's input is at fault, rather than Rex or the machine.
    pub fn is_user_input(&self) -> bool {
        !matches!(self, Self::Io { .. } | Self::Engine(_))
    }
}
