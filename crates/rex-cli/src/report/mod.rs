//! What visitors searched for, from the log of searches: its lines, what counts as one query, and how often each was asked.

mod counter;
mod hour;
mod lines;
mod query;
mod tally;

pub(crate) use lines::read_lines;
pub(crate) use tally::{Tally, Total};

/// Fewer searches than this never show a query: what few share may tell who they are.
pub(crate) const MIN_SHARED: u64 = 5;
