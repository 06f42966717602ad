//! The files of ours are read where they lie: one part after the other, each no longer than what is there.

use std::ops::Range;
use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::OwnedBytes;
use tantivy::error::DataCorruption;

/// Takes one part of a file after the other; nothing where there is not enough.
pub struct SectionReader(pub OwnedBytes);

impl SectionReader {
    pub fn take(&mut self, length: usize) -> Option<OwnedBytes> {
        if length > self.0.len() {
            return None;
        }
        let taken = self.0.slice(0..length);
        self.0.advance(length);
        Some(taken)
    }

    pub fn numbers(&mut self, count: usize) -> Option<Numbers> {
        self.take(count.checked_mul(4)?).map(Numbers)
    }

    pub fn number(&mut self) -> Option<u32> {
        self.numbers(1)?.get(0)
    }

    /// A number of eight bytes.
    pub fn length(&mut self) -> Option<usize> {
        let bytes = self.take(8)?;
        usize::try_from(u64::from_le_bytes(*bytes.first_chunk()?)).ok()
    }
}

/// Little-endian numbers of four bytes.
#[derive(Debug, Clone)]
pub struct Numbers(OwnedBytes);

impl Numbers {
    pub fn len(&self) -> usize {
        self.0.len() / 4
    }

    pub fn get(&self, at: usize) -> Option<u32> {
        let bytes = self.0.get(at.checked_mul(4)?..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        numbers(&self.0)
    }

    pub fn slice(&self, range: Range<usize>) -> Option<impl Iterator<Item = u32>> {
        self.0
            .get(range.start.checked_mul(4)?..range.end.checked_mul(4)?)
            .map(numbers)
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let chunks = bytes.as_chunks::<4>().0;
    chunks.iter().map(|bytes| u32::from_le_bytes(*bytes))
}

/// What is wrong with a file of ours.
pub fn damaged(file: &str, why: &str) -> TantivyError {
    TantivyError::DataCorruption(DataCorruption::new(PathBuf::from(file), why.to_owned()))
}
