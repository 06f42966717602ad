//! The texts that come again, by their numbers. All numbers of the file are little-endian.
//!
//! ```text
//! magic, version, texts n, bytes of texts     header
//! checksum                                    CRC-32 of the header
//! n ends in the texts                         4 bytes each
//! texts                                       in the order of their numbers
//! ```

use std::path::Path;

use tantivy::directory::{Directory, OwnedBytes};

use super::FILE;
use crate::codec::reader::{self, Numbers, SectionReader};

pub const MAGIC: &[u8; 8] = b"rex-text";
/// Changes whenever the layout of the file or of the records does.
pub const VERSION: u32 = 1;

/// The texts that have numbers, read where they lie.
#[derive(Debug, Clone)]
pub struct Dictionary {
    file: OwnedBytes,
    ends: Numbers,
    bytes: OwnedBytes,
}

impl Dictionary {
    /// Those of an index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read or is damaged.
    pub fn open(directory: &dyn Directory) -> tantivy::Result<Self> {
        Self::read(&directory.open_read(Path::new(FILE))?.read_bytes()?)
    }

    pub fn read(bytes: &OwnedBytes) -> tantivy::Result<Self> {
        if !bytes.starts_with(MAGIC) {
            return Err(reader::damaged(FILE, "it is not one of ours"));
        }
        let mut sections = SectionReader(bytes.slice(MAGIC.len()..bytes.len()));
        let mut cut = || {
            (sections.number()? == VERSION).then_some(())?;
            let (count, length) = (sections.number()? as usize, sections.number()? as usize);
            let header = bytes.len() - sections.0.len();
            (sections.number()? == crc32fast::hash(&bytes[..header])).then_some(())?;
            let texts = Self {
                file: bytes.clone(),
                ends: sections.numbers(count)?,
                bytes: sections.take(length)?,
            };
            sections.0.is_empty().then_some(texts)
        };
        cut().ok_or_else(|| reader::damaged(FILE, "its parts do not fit"))
    }

    /// The bytes of their file.
    pub fn file(&self) -> &[u8] {
        &self.file
    }

    /// The text of a number; `None` where there is none.
    pub fn get(&self, number: u32) -> Option<&[u8]> {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before))?;
        self.bytes.get(start as usize..self.ends.get(number)? as usize)
    }
}
