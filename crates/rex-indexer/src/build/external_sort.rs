//! External merge sort of items by key (Knuth, The Art of Computer Programming 3, 5.4). Keys beyond the memory are sorted and written as a
//! *run*; at the end all runs are merged.
//!
//! A run has for each item its number and the length of its key, four bytes each, little-endian, then the key.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::TantivyError;

use crate::build::temp_file::{TempFiles, WrittenTempFile};

/// Bytes of a run written at a time.
const AT_ONCE: usize = 1 << 16;
/// Memory per item besides its key: the end of the key, and its prefix and number while sorting.
const ITEM_BYTES: usize = size_of::<usize>() + size_of::<(u64, u32)>();

/// Sorts items, numbered in the order in which they are added, by key.
pub(crate) struct ExternalSorter<'a> {
    temp_files: TempFiles<'a>,
    name: &'static str,
    /// Bytes of memory for keys and items.
    max_bytes: usize,
    /// Keys in memory, concatenated.
    keys: Vec<u8>,
    /// End of each key.
    ends: Vec<usize>,
    /// The number of the first key in memory.
    first: u32,
    runs: Vec<WrittenTempFile<'a>>,
}

impl<'a> ExternalSorter<'a> {
    /// Sorts in `max_bytes` of memory; more goes to temporary files with this name.
    pub(crate) const fn new(temp_files: TempFiles<'a>, name: &'static str, max_bytes: usize) -> Self {
        Self {
            temp_files,
            name,
            max_bytes,
            keys: Vec::new(),
            ends: Vec::new(),
            first: 0,
            runs: Vec::new(),
        }
    }

    /// Adds the key of the next item.
    ///
    /// # Errors
    /// A directory that cannot be written, more than 2^32 items, and a key of 4 GiB or more.
    pub(crate) fn add(&mut self, key: &[u8]) -> tantivy::Result<()> {
        let taken = self.keys.len() + key.len() + ITEM_BYTES * (self.ends.len() + 1);
        if taken > self.max_bytes && !self.ends.is_empty() {
            self.write_run()?;
        }
        self.keys.extend(key);
        self.ends.push(self.keys.len());
        Ok(())
    }

    /// Visits the numbers of all items in order of key, then of number, each with whether its key equals that of the item before.
    ///
    /// # Errors
    /// A directory that cannot be written or read, and errors of `visit`.
    pub(crate) fn finish(mut self, mut visit: impl FnMut(u32, bool) -> tantivy::Result<()>) -> tantivy::Result<()> {
        if self.runs.is_empty() {
            let mut before = None;
            for number in self.sorted() {
                let key = Some(self.key(number));
                visit(number, key == before)?;
                before = key;
            }
            return Ok(());
        }
        self.write_run()?;
        let (runs, first) = (self.runs, self.first);
        drop((self.keys, self.ends));
        if merge(&runs, visit)? != first {
            return Err(TantivyError::InternalError("a temporary file was changed".to_owned()));
        }
        runs.into_iter().try_for_each(WrittenTempFile::remove)
    }

    /// The key of an item in memory, numbered from the first in memory.
    fn key(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.keys[start..self.ends[number]]
    }

    /// The items in memory in order of key.
    fn sorted(&self) -> Vec<u32> {
        sorted(self.ends.len() as u32, |number| self.key(number))
    }

    fn write_run(&mut self) -> tantivy::Result<()> {
        let after = u32::try_from(self.ends.len())
            .ok()
            .and_then(|count| self.first.checked_add(count))
            .ok_or_else(too_many)?;
        let mut file = self.temp_files.file(&format!("{}-{}", self.name, self.runs.len()))?;
        let mut bytes = Vec::with_capacity(AT_ONCE);
        for number in self.sorted() {
            let key = self.key(number);
            let length = u32::try_from(key.len()).map_err(|_| too_many())?;
            bytes.extend((self.first + number).to_le_bytes());
            bytes.extend(length.to_le_bytes());
            bytes.extend(key);
            if bytes.len() >= AT_ONCE {
                file.write(&bytes)?;
                bytes.clear();
            }
        }
        file.write(&bytes)?;
        self.runs.push(file.read()?);
        self.first = after;
        self.keys.clear();
        self.ends.clear();
        Ok(())
    }
}

/// The numbers below `count` in order of their keys, then of number.
pub(crate) fn sorted<'k>(count: u32, key: impl Fn(u32) -> &'k [u8]) -> Vec<u32> {
    // Most comparisons are decided by the first bytes, without access to the keys.
    let mut sorted: Vec<(u64, u32)> = (0..count).map(|number| (prefix(key(number)), number)).collect();
    sorted.sort_unstable_by(|(one_prefix, one), (other_prefix, other)| {
        one_prefix
            .cmp(other_prefix)
            .then_with(|| key(*one).cmp(key(*other)))
            .then(one.cmp(other))
    });
    sorted.into_iter().map(|(_, number)| number).collect()
}

/// The first eight bytes of a key as a number that compares like them.
fn prefix(key: &[u8]) -> u64 {
    let mut prefix = [0; 8];
    let length = key.len().min(prefix.len());
    prefix[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(prefix)
}

/// Visits the items of all runs as [`ExternalSorter::finish`] does; returns their number.
fn merge(
    runs: &[WrittenTempFile<'_>],
    mut visit: impl FnMut(u32, bool) -> tantivy::Result<()>,
) -> tantivy::Result<u32> {
    let mut next: BinaryHeap<_> = runs
        .iter()
        .filter_map(|run| Next::of(&run.bytes))
        .map(Reverse)
        .collect();
    let mut before = None;
    let mut count = 0;
    while let Some(Reverse(Next { key, number, rest })) = next.pop() {
        next.extend(Next::of(rest).map(Reverse));
        visit(number, before == Some(key))?;
        before = Some(key);
        count += 1;
    }
    Ok(count)
}

/// The next item of a run.
#[derive(PartialEq, Eq)]
struct Next<'a> {
    key: &'a [u8],
    number: u32,
    rest: &'a [u8],
}

impl<'a> Next<'a> {
    /// `None` at the end of the run.
    fn of(run: &'a [u8]) -> Option<Self> {
        let (number, run) = run.split_first_chunk()?;
        let (length, run) = run.split_first_chunk()?;
        let (key, rest) = run.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        Some(Self {
            key,
            number: u32::from_le_bytes(*number),
            rest,
        })
    }
}

impl Ord for Next<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(other.key).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Next<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn too_many() -> TantivyError {
    TantivyError::InternalError("too many items to sort".to_owned())
}

#[cfg(test)]
mod tests {
    use tantivy::directory::{Directory, RamDirectory};

    use super::*;
    use crate::build::memory_budget::MemoryBudget;

    #[test]
    fn the_order_is_that_of_the_keys_however_small_the_memory() {
        let keys: Vec<String> = (0..500_u32)
            .map(|number| match number % 5 {
                0 => String::new(),
                1 => "the same eight bytes".to_owned(),
                _ => format!("the same eight bytes {}", number * 7_919 % 101),
            })
            .collect();
        let mut expected: Vec<(&str, u32)> = keys.iter().map(String::as_str).zip(0..).collect();
        expected.sort_unstable();
        let directory = RamDirectory::create();
        let temp_files = TempFiles::new(&directory, MemoryBudget::default());
        for (most, runs) in [(1 << 20, 0), (10_000, 2), (1_000, 20), (0, 499)] {
            let mut sorter = ExternalSorter::new(temp_files, "keys", most);
            keys.iter().for_each(|key| sorter.add(key.as_bytes()).unwrap());
            assert!(
                sorter.runs.len() >= runs && (runs > 0 || sorter.runs.is_empty()),
                "{most}"
            );
            let is_there = || directory.exists(".keys-0.scratch".as_ref()).unwrap();
            assert_eq!(is_there(), runs > 0);
            let mut found: Vec<(&str, u32)> = Vec::new();
            let visit = |number: u32, is_same: bool| {
                let key = keys[number as usize].as_str();
                assert_eq!(is_same, found.last().is_some_and(|(before, _)| *before == key));
                found.push((key, number));
                Ok(())
            };
            sorter.finish(visit).unwrap();
            assert_eq!(found, expected, "{most}");
            assert!(!is_there(), "{most}");
        }
    }

    #[test]
    fn nothing_is_visited_without_items() {
        let directory = RamDirectory::create();
        let temp_files = TempFiles::new(&directory, MemoryBudget::default());
        ExternalSorter::new(temp_files, "keys", 0)
            .finish(|_, _| panic!("something"))
            .unwrap();
    }
}
