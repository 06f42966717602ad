//! Aggregates the search log: parses its lines, groups spellings of a query, and counts searches per query.

mod counter;
mod hour;
mod lines;
mod query;
mod tally;

pub(crate) use lines::read_lines;
pub(crate) use tally::{Tally, Total};

/// A query with fewer searches is never shown, since it may identify a person.
pub(crate) const MIN_SHARED: u64 = 5;
