//! The file `texts`: texts that occur in several records, by number. All integers are little-endian.
//!
//! ```text
//! magic, version, texts n, bytes of texts     header
//! checksum                                    CRC-32 of the header
//! n ends of texts                             4 bytes each
//! texts                                       in order of number
//! ```

use std::path::Path;

use tantivy::directory::{Directory, OwnedBytes};

use super::FILE;
use crate::codec::reader::{self, Numbers, SectionReader};

/// Magic number.
pub const MAGIC: &[u8; 8] = b"rex-text";
/// Version of the layout of the file and of the records.
pub const VERSION: u32 = 1;

/// The dictionary of stored texts, read in place.
#[derive(Debug, Clone)]
pub struct Dictionary {
    file: OwnedBytes,
    ends: Numbers,
    bytes: OwnedBytes,
}

impl Dictionary {
    /// Opens the dictionary of an index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read or is damaged.
    pub fn open(directory: &dyn Directory) -> tantivy::Result<Self> {
        Self::read(&directory.open_read(Path::new(FILE))?.read_bytes()?)
    }

    /// Reads the dictionary from the bytes of its file.
    ///
    /// # Errors
    /// Bytes that are damaged or of another version.
    pub fn read(bytes: &OwnedBytes) -> tantivy::Result<Self> {
        if !bytes.starts_with(MAGIC) {
            return Err(reader::damaged(FILE, "it has another magic number"));
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
        cut().ok_or_else(|| reader::damaged(FILE, "its sections do not fit its length"))
    }

    /// The bytes of the file.
    pub fn file(&self) -> &[u8] {
        &self.file
    }

    /// The text of a number; `None` past the last.
    pub fn get(&self, number: u32) -> Option<&[u8]> {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before))?;
        self.bytes.get(start as usize..self.ends.get(number)? as usize)
    }
}
