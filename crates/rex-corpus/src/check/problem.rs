use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

/// One problem of a corpus, with the file and the line for its author.
///
/// Displays as `file:line: problem, expected value`, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, below the corpus folder as it was given.
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
        let text = format!("{}:{}: {}", self.path.display(), self.line, self.message);
        // A quoted value may hold a line break or a terminal escape sequence.
        for c in text.chars() {
            if c.is_control() {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}
