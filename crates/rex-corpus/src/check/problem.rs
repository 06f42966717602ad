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
        one_line(f, &format!("{}:{}: {}", self.path.display(), self.line, self.message))
    }
}

/// Something that was read otherwise than it is written, or passed over. The record is valid.
///
/// Displays as `file:line: note: sentence`, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file, below the corpus folder as it was given.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What was read, and how, in one sentence.
    pub message: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, message } = self;
        one_line(f, &format!("{}:{line}: note: {message}", path.display()))
    }
}

/// A quoted value may hold a line break or a terminal escape sequence.
fn one_line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for c in text.chars() {
        if c.is_control() {
            write!(f, "{}", c.escape_default())?;
        } else {
            f.write_char(c)?;
        }
    }
    Ok(())
}

/// What reading a record finds beside it.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<Note>,
    /// Whether the file says that it is not to be published, or is no page of its own.
    pub(crate) is_draft: bool,
}

impl Findings {
    pub(crate) fn problem(&mut self, path: &Path, line: usize, message: impl Into<String>) {
        self.problems.push(Problem::at(path, line, message));
    }

    pub(crate) fn note(&mut self, path: &Path, line: usize, message: impl Into<String>) {
        self.notes.push(Note {
            path: path.to_owned(),
            line,
            message: message.into(),
        });
    }
}

/// A text that a person wrote, in quotation marks and cut at sixty characters.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let cut: String = text.chars().take(LONGEST).collect();
    match cut.len() < text.len() {
        true => format!("\"{cut}…\""),
        false => format!("\"{cut}\""),
    }
}
