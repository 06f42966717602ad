//! Things in the order of their keys, however many they are. Keys that outgrow their memory are sorted and written as a *run*, and at
//! the end all runs are merged (an external merge sort: Knuth, The Art of Computer Programming 3, 5.4).
//!
//! A run has for each thing its number and the length of its key, four bytes each, little-endian, and the key.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::TantivyError;

use crate::build::temp_file::{TempFiles, WrittenTempFile};

/// Bytes of a run written at a time.
const AT_ONCE: usize = 1 << 16;
/// Bytes that a thing takes besides its key: where the key ends, and its head and number as it is sorted.
const OF_EACH: usize = size_of::<usize>() + size_of::<(u64, u32)>();

/// Sorts things, numbered as they are added, by their keys.
pub(crate) struct ExternalSorter<'a> {
    temp_files: TempFiles<'a>,
    name: &'static str,
    /// Bytes of keys, and of what they take besides, that are in memory at a time.
    most: usize,
    /// Keys one after the other, and where each ends.
    keys: Vec<u8>,
    ends: Vec<usize>,
    /// The number of the first key in memory.
    first: u32,
    runs: Vec<WrittenTempFile<'a>>,
}

impl<'a> ExternalSorter<'a> {
    /// Sorts in so many bytes of memory; more goes to files of this name.
    pub(crate) const fn new(temp_files: TempFiles<'a>, name: &'static str, most: usize) -> Self {
        Self {
            temp_files,
            name,
            most,
            keys: Vec::new(),
            ends: Vec::new(),
            first: 0,
            runs: Vec::new(),
        }
    }

    /// Adds the key of the next thing.
    ///
    /// # Errors
    /// A directory that cannot be written; more things than can be numbered, or a key of 4 GiB.
    pub(crate) fn add(&mut self, key: &[u8]) -> tantivy::Result<()> {
        let taken = self.keys.len() + key.len() + OF_EACH * (self.ends.len() + 1);
        if taken > self.most && !self.ends.is_empty() {
            self.write_run()?;
        }
        self.keys.extend(key);
        self.ends.push(self.keys.len());
        Ok(())
    }

    /// Gives the number of every thing in the order of the keys, those of one key in the order in which they were added, and
    /// whether its key is that of the thing before.
    ///
    /// # Errors
    /// A directory that cannot be written or read; what `visit` gives.
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
            return Err(TantivyError::InternalError("a file for a while was changed".to_owned()));
        }
        runs.into_iter().try_for_each(WrittenTempFile::remove)
    }

    /// The key in memory of a thing, numbered from the first in memory.
    fn key(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.keys[start..self.ends[number]]
    }

    /// What is in memory, in the order of its keys.
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

/// So many numbers, in the order of the keys they have; those of one key stay in their order.
pub(crate) fn sorted<'k>(count: u32, key: impl Fn(u32) -> &'k [u8]) -> Vec<u32> {
    // Most are told apart by their first bytes, without going to the keys.
    let mut sorted: Vec<(u64, u32)> = (0..count).map(|number| (head(key(number)), number)).collect();
    sorted.sort_unstable_by(|(one_head, one), (other_head, other)| {
        one_head
            .cmp(other_head)
            .then_with(|| key(*one).cmp(key(*other)))
            .then(one.cmp(other))
    });
    sorted.into_iter().map(|(_, number)| number).collect()
}

/// The first bytes of a key as a number that is ordered as they are.
fn head(key: &[u8]) -> u64 {
    let mut head = [0; 8];
    let length = key.len().min(head.len());
    head[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(head)
}

/// Gives the things of all runs, see [`ExternalSorter::finish`], and how many there were.
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

/// What a run has next.
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
    TantivyError::InternalError("there is more to sort than can be numbered".to_owned())
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
    fn of_nothing_there_is_nothing() {
        let directory = RamDirectory::create();
        let temp_files = TempFiles::new(&directory, MemoryBudget::default());
        ExternalSorter::new(temp_files, "keys", 0)
            .finish(|_, _| panic!("something"))
            .unwrap();
    }
}
