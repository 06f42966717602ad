use std::io;
use std::path::{Path, PathBuf};

use super::table_note::import_command;

/// Why a folder cannot be read as a corpus.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// The folder does not exist.
    #[error("no corpus folder at {}; create it, or name another with --corpus", .0.display())]
    Missing(PathBuf),
    /// The path is not a folder.
    #[error("{} is not a folder; --corpus takes the folder that holds the cases", .0.display())]
    NotAFolder(PathBuf),
    /// The folder has no case.
    #[error("the corpus folder {} holds no case; add a .md file with front matter, or a .jsonl file", .0.display())]
    Empty(PathBuf),
    /// The folder has no case, but a table of them.
    #[error("the corpus folder {} holds no case, only a table; {}", .0.display(), import_command(.1, .1.parent()))]
    OnlyTable(PathBuf, PathBuf),
    /// The source does not exist.
    #[error("no source at {}; create it, or correct `sources` in the configuration", .0.display())]
    NoSource(PathBuf),
    /// A source is a folder without a case.
    #[error("the source folder {} holds no case; add a .md or .jsonl file, or take it out of `sources`", .0.display())]
    EmptySource(PathBuf),
    /// A source is a DECP file that was not imported.
    #[error("the source {} is raw JSON; run `rex import decp` and name the .jsonl it writes", .0.display())]
    RawJson(PathBuf),
    /// A source is a table of cases that was not imported.
    #[error("the source {} is a table; {} and name the folder of the files it writes", .0.display(), import_command(.0, None))]
    Table(PathBuf),
    /// A source is another kind of file.
    #[error("the source {} holds no case; `sources` takes folders, .md and .jsonl files", .0.display())]
    NotASource(PathBuf),
    /// The operating system reports an error.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl CorpusError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
