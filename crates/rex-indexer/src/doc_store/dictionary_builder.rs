//! Builds the dictionary of stored texts and writes the file `texts`.

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

/// Least bytes of a text in the dictionary; a shorter one is no longer than its number.
const MIN_BYTES: usize = 3;
/// Most bytes of a text in the dictionary; longer texts hardly recur.
const MAX_BYTES: usize = 1 << 10;
/// Memory per text besides its bytes.
const ENTRY_BYTES: usize = 64;
/// Bytes of the dictionary's budget per text met once: their hashes take another quarter of it. When there are more, all are dropped and
/// count as not met.
const BYTES_PER_MET: usize = 64;

/// Assigns numbers to recurring texts.
#[derive(Debug)]
pub(super) struct DictionaryBuilder {
    /// Budget in bytes.
    max_bytes: usize,
    numbers: HashTable<(Box<[u8]>, u32)>,
    bytes: usize,
    /// Hashes of texts met once. A collision only assigns a number one occurrence early.
    met: HashSet<u64, RandomState>,
    hashes: RandomState,
}

impl DictionaryBuilder {
    /// An empty dictionary.
    pub(super) fn new(memory: MemoryBudget) -> Self {
        Self {
            max_bytes: memory.of_texts(),
            numbers: HashTable::new(),
            bytes: 0,
            met: HashSet::default(),
            hashes: RandomState::default(),
        }
    }

    /// Continues the dictionary of another index.
    pub(super) fn after(texts: &Dictionary, memory: MemoryBudget) -> Self {
        let mut numbers = Self::new(memory);
        (0..).map_while(|number| texts.get(number)).for_each(|text| {
            numbers.insert(text, numbers.hashes.hash_one(text));
        });
        numbers
    }

    /// The number of a text, from its second occurrence on.
    pub(super) fn of(&mut self, text: &[u8]) -> Option<u32> {
        if !(MIN_BYTES..=MAX_BYTES).contains(&text.len()) {
            return None;
        }
        let hash = self.hashes.hash_one(text);
        if let Some((_, number)) = self.numbers.find(hash, |(known, _)| **known == *text) {
            return Some(*number);
        }
        if self.met.remove(&hash) {
            let taken = self.bytes + ENTRY_BYTES * self.numbers.len();
            let is_full = self.numbers.len() >= piece::NUMBERS as usize || taken + text.len() > self.max_bytes;
            return (!is_full).then(|| self.insert(text, hash));
        }
        if self.met.len() >= self.max_bytes / BYTES_PER_MET {
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
        // The budget keeps all bytes far below 4 GiB.
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

/// Copies the dictionary of an index to another.
///
/// # Errors
/// A directory that cannot be written.
pub(crate) fn copy_texts(texts: &Dictionary, directory: &dyn Directory) -> Result<(), BuildError> {
    let path = Path::new(FILE);
    let written = directory.atomic_write(path, texts.file());
    written.map_err(BuildError::io("write", path))
}
