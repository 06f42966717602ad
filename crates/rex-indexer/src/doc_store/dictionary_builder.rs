//! Numbers the texts that records share, and writes their file.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::path::Path;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use tantivy::directory::Directory;

use crate::build::memory_budget::MemoryBudget;
use crate::error::BuildError;
use rex_index::doc_store::dictionary::{Dictionary, MAGIC, VERSION};
use rex_index::doc_store::{FILE, piece};

/// Bytes of the texts a shorter one of which takes no less than its number.
const LEAST: usize = 3;
/// Bytes of a text that may come again: what is longer hardly does.
const MOST: usize = 1 << 10;
/// What each text takes of memory besides its bytes.
const OF_EACH: usize = 64;
/// Texts met once that are remembered, for so many bytes of memory that all others may take: a quarter of it. With more, all are
/// forgotten, and are met for the first time again.
const BYTES_FOR_ONE_MET: usize = 64;

/// Gives texts their numbers.
#[derive(Debug)]
pub(super) struct DictionaryBuilder {
    /// Bytes of memory that they may take.
    most: usize,
    numbers: HashTable<(Box<[u8]>, u32)>,
    bytes: usize,
    /// Hashes of the texts met once. Where two have one hash, one of them has its number a little earlier.
    met: HashSet<u64, RandomState>,
    hashes: RandomState,
}

impl DictionaryBuilder {
    pub(super) fn new(memory: MemoryBudget) -> Self {
        Self {
            most: memory.of_texts(),
            numbers: HashTable::new(),
            bytes: 0,
            met: HashSet::default(),
            hashes: RandomState::default(),
        }
    }

    /// Goes on after the texts of another index.
    pub(super) fn after(texts: &Dictionary, memory: MemoryBudget) -> Self {
        let mut numbers = Self::new(memory);
        (0..).map_while(|number| texts.get(number)).for_each(|text| {
            numbers.insert(text, numbers.hashes.hash_one(text));
        });
        numbers
    }

    /// The number of a text, from the second time on that it is met.
    pub(super) fn of(&mut self, text: &[u8]) -> Option<u32> {
        if !(LEAST..=MOST).contains(&text.len()) {
            return None;
        }
        let hash = self.hashes.hash_one(text);
        if let Some((_, number)) = self.numbers.find(hash, |(known, _)| **known == *text) {
            return Some(*number);
        }
        if self.met.remove(&hash) {
            let taken = self.bytes + OF_EACH * self.numbers.len();
            let is_full = self.numbers.len() >= piece::NUMBERS as usize || taken + text.len() > self.most;
            return (!is_full).then(|| self.insert(text, hash));
        }
        if self.met.len() >= self.most / BYTES_FOR_ONE_MET {
            self.met.clear();
        }
        self.met.insert(hash);
        None
    }

    fn insert(&mut self, text: &[u8], hash: u64) -> u32 {
        let number = self.numbers.len() as u32;
        self.bytes += text.len();
        let hashes = &self.hashes;
        self.numbers
            .insert_unique(hash, (text.into(), number), |(text, _)| hashes.hash_one(&**text));
        number
    }

    /// Writes the file of an index.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(super) fn write(&self, directory: &dyn Directory) -> Result<(), BuildError> {
        let mut texts = vec![[].as_slice(); self.numbers.len()];
        for (text, number) in &self.numbers {
            texts[*number as usize] = text;
        }
        let mut file = Vec::with_capacity(self.bytes + 4 * texts.len() + 24);
        file.extend(MAGIC);
        // All bytes are far fewer than four bytes can count.
        for number in [VERSION, texts.len() as u32, self.bytes as u32] {
            file.extend(number.to_le_bytes());
        }
        file.extend(crc32fast::hash(&file).to_le_bytes());
        let mut end = 0;
        for text in &texts {
            end += text.len() as u32;
            file.extend(end.to_le_bytes());
        }
        texts.iter().for_each(|text| file.extend(*text));
        let path = Path::new(FILE);
        directory
            .atomic_write(path, &file)
            .map_err(BuildError::io("write", path))
    }
}

/// Writes the texts of an index as the file of another.
///
/// # Errors
/// A directory that cannot be written.
pub(crate) fn copy_texts(texts: &Dictionary, directory: &dyn Directory) -> Result<(), BuildError> {
    let path = Path::new(FILE);
    let written = directory.atomic_write(path, texts.file());
    written.map_err(BuildError::io("write", path))
}
