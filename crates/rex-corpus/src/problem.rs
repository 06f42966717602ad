use std::fmt;
use std::path::{Path, PathBuf};

/// One thing wrong in a corpus, said so that its author can find it and mend it.
///
/// Displays as `file:line: what is wrong, what was expected`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the corpus folder was given.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what was expected, in one sentence.
    pub message: String,
}

impl Problem {
    pub(crate) fn at(path: &Path, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.message)
    }
}
