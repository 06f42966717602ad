use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;

/// Every id seen, with its first use.
///
/// Ids are stored as 64-bit hashes, sixteen bytes a record, so that millions of contracts fit in memory. A hash collision would be
/// reported as a duplicate id: among ten million ids its probability is 3 in a million (n²/2⁶⁵). The hash is seeded at each run, so
/// the same two ids would not collide again.
#[derive(Default)]
pub(super) struct Ids {
    hashes: RandomState,
    first: HashMap<u64, Use>,
}

/// Where an id is used.
#[derive(Clone, Copy)]
pub(super) struct Use {
    /// Index of the file.
    pub(super) file: u32,
    /// From 1.
    pub(super) line: u32,
}

impl Ids {
    /// Adds an id.
    ///
    /// # Errors
    /// The first use of an id that was added before.
    pub(super) fn add(&mut self, id: &str, file: usize, line: usize) -> Result<(), Use> {
        match self.first.entry(self.hashes.hash_one(id)) {
            Entry::Occupied(first) => Err(*first.get()),
            Entry::Vacant(free) => {
                free.insert(Use {
                    file: narrow(file),
                    line: narrow(line),
                });
                Ok(())
            }
        }
    }
}

/// No corpus has four billion files or lines; beyond that only the reported line is wrong.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
