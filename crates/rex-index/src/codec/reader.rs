//! Reads the sections of a side file in place, without copying. A length beyond the end of the file gives `None`.

use std::ops::Range;
use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::OwnedBytes;
use tantivy::error::DataCorruption;

/// Takes sections from the front of a file.
pub struct SectionReader(pub OwnedBytes);

impl SectionReader {
    /// The next bytes; `None` where fewer are left.
    pub fn take(&mut self, length: usize) -> Option<OwnedBytes> {
        if length > self.0.len() {
            return None;
        }
        let taken = self.0.slice(0..length);
        self.0.advance(length);
        Some(taken)
    }

    /// The next numbers of four bytes; `None` where fewer are left.
    pub fn numbers(&mut self, count: usize) -> Option<Numbers> {
        self.take(count.checked_mul(4)?).map(Numbers)
    }

    /// The next number of four bytes.
    pub fn number(&mut self) -> Option<u32> {
        self.numbers(1)?.get(0)
    }

    /// The next number of eight bytes; `None` also where it exceeds `usize`.
    pub fn length(&mut self) -> Option<usize> {
        let bytes = self.take(8)?;
        usize::try_from(u64::from_le_bytes(*bytes.first_chunk()?)).ok()
    }
}

/// An array of little-endian numbers of four bytes, read in place.
#[derive(Debug, Clone)]
pub struct Numbers(OwnedBytes);

impl Numbers {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.0.len() / 4
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at an index; `None` past the end.
    pub fn get(&self, at: usize) -> Option<u32> {
        let bytes = self.0.get(at.checked_mul(4)?..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    }

    /// All numbers.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        numbers(&self.0)
    }

    /// The numbers of a range of indexes; `None` where it exceeds the array.
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

/// The error of a damaged side file.
pub fn damaged(file: &str, why: &str) -> TantivyError {
    TantivyError::DataCorruption(DataCorruption::new(PathBuf::from(file), why.to_owned()))
}
