use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

/// One thing wrong in a corpus, said so that its author can find it and mend it.
///
/// Displays as `file:line: what is wrong, what was expected`, on one line.
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
        let said = format!("{}:{}: {}", self.path.display(), self.line, self.message);
        // What is quoted of a file may hold the end of a line, or what a terminal obeys.
        for c in said.chars() {
            if c.is_control() {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}
