use crate::check::problem::{Findings, Note, Problem};

/// Problems kept for the report; the rest are counted. The same for notes.
pub(super) const MAX_PROBLEMS: usize = 1_000;

/// The result of reading a corpus.
#[derive(Debug, Default)]
pub struct Report {
    /// Number of valid records.
    pub records: u64,
    /// The problems in the order of the files, at most a thousand.
    pub problems: Vec<Problem>,
    /// Number of problems left out of the list.
    pub omitted: u64,
    /// What was read otherwise than it is written, in the order of the files, at most a thousand. Notes are no problem.
    pub notes: Vec<Note>,
    /// Number of notes left out of the list.
    pub omitted_notes: u64,
}

impl Report {
    /// Number of all problems.
    pub fn problem_count(&self) -> u64 {
        self.problems.len() as u64 + self.omitted
    }

    /// Number of all notes.
    pub fn note_count(&self) -> u64 {
        self.notes.len() as u64 + self.omitted_notes
    }

    pub(super) fn add(&mut self, findings: Findings) {
        self.omitted += add_bounded(&mut self.problems, findings.problems);
        self.omitted_notes += add_bounded(&mut self.notes, findings.notes);
    }
}

/// Adds as many as there is room for, and returns the number of the others.
fn add_bounded<T>(kept: &mut Vec<T>, more: Vec<T>) -> u64 {
    let room = MAX_PROBLEMS - kept.len();
    let omitted = more.len().saturating_sub(room) as u64;
    kept.extend(more.into_iter().take(room));
    omitted
}
