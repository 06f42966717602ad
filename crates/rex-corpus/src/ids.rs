use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;

/// Every id seen, with where it was first used.
///
/// An id is kept as its hash of 64 bits, sixteen bytes a record, so that millions of contracts fit in memory. Two ids of one
/// hash would be reported as a duplicate: among ten million, the chance that there are any is 3 in a million (n²/2⁶⁵), and
/// hashes are drawn anew at each run, so that the same two would not meet again.
#[derive(Default)]
pub(crate) struct Ids {
    hashes: RandomState,
    first: HashMap<u64, Place>,
}

/// Where an id is used: the rank of a file, and a line of it, from 1.
type Place = (u32, u32);

impl Ids {
    /// Keeps an id; where it was used before, that is the error.
    pub(crate) fn add(&mut self, id: &str, file: usize, line: usize) -> Result<(), (usize, usize)> {
        match self.first.entry(self.hashes.hash_one(id)) {
            Entry::Occupied(first) => {
                let (file, line) = *first.get();
                Err((file as usize, line as usize))
            }
            Entry::Vacant(free) => {
                free.insert((narrow(file), narrow(line)));
                Ok(())
            }
        }
    }
}

/// No corpus has four billion files or lines; one that had would be told a wrong line, and nothing worse.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
