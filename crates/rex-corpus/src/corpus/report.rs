use crate::check::problem::Problem;

/// Problems kept for the report; the rest are counted.
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
}

impl Report {
    /// Number of all problems.
    pub fn problem_count(&self) -> u64 {
        self.problems.len() as u64 + self.omitted
    }

    pub(super) fn add(&mut self, problems: Vec<Problem>) {
        let room = MAX_PROBLEMS - self.problems.len();
        self.omitted += problems.len().saturating_sub(room) as u64;
        self.problems.extend(problems.into_iter().take(room));
    }
}
