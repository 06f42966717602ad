//! Rows on disk, until all rows of a contract are known: they can stand anywhere in a file.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::PathBuf;

use super::json::Json;

/// A row, as JSON, with the hash of its contract.
pub(super) struct Row {
    contract: u64,
    text: Vec<u8>,
}

impl Row {
    /// # Errors
    /// None in practice: fields can be written as JSON.
    pub(super) fn of(fields: &Json) -> io::Result<Self> {
        let buyer = fields.get("acheteur").object("id");
        let key = [buyer.get("id"), buyer.get("nom"), fields.get("id"), fields.get("objet")];
        let mut hasher = DefaultHasher::new();
        key.map(Json::text).hash(&mut hasher);
        Ok(Self {
            contract: hasher.finish(),
            text: serde_json::to_vec(fields)?,
        })
    }
}

/// The rows of a file, divided by contract into temporary files that fit in memory one by one.
pub(super) struct Spool {
    folder: PathBuf,
    parts: Vec<Option<BufWriter<File>>>,
}

/// Bytes before the text of a row: the hash of its contract, and the length of the text.
const HEAD: usize = 12;

impl Spool {
    /// An empty spool in a folder, for a file of so many bytes.
    pub(super) fn new(folder: PathBuf, bytes: u64) -> Self {
        /// Parts are so large at least; with their index, several of them fit in memory.
        const PART: u64 = 8 << 20;
        // At most half of the files that a process may have open on most systems.
        const MOST: u64 = 128;
        let parts = (bytes / PART).clamp(1, MOST);
        Self {
            folder,
            parts: (0..parts).map(|_| None).collect(),
        }
    }

    pub(super) fn add(&mut self, row: &Row) -> io::Result<()> {
        const BUFFER: usize = 1 << 15;
        let part = (row.contract % self.parts.len() as u64) as usize;
        let part = match &mut self.parts[part] {
            Some(part) => part,
            empty => empty.insert(BufWriter::with_capacity(BUFFER, tempfile::tempfile_in(&self.folder)?)),
        };
        let length = u32::try_from(row.text.len()).map_err(io::Error::other)?;
        part.write_all(&row.contract.to_le_bytes())?;
        part.write_all(&length.to_le_bytes())?;
        part.write_all(&row.text)
    }

    /// Passes the rows of each contract to `visit`, until it returns an error. Each part is removed when it was read.
    pub(super) fn contracts<E: From<io::Error>>(
        self,
        mut visit: impl FnMut(Vec<Vec<u8>>) -> Result<(), E>,
    ) -> Result<(), E> {
        for part in self.parts.into_iter().flatten() {
            let mut part = part.into_inner().map_err(io::IntoInnerError::into_error)?;
            part.rewind()?;
            let length = part.metadata()?.len();
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
            part.read_to_end(&mut bytes)?;
            let mut rows = Vec::new();
            let mut at = 0;
            while let Some((head, text)) = bytes.get(at..).and_then(|rest| rest.split_at_checked(HEAD)) {
                let (contract, length) = head.split_at(8);
                let length = length
                    .iter()
                    .rev()
                    .fold(0, |length, byte| length << 8 | usize::from(*byte));
                rows.push((contract, &text[..length.min(text.len())]));
                at += HEAD + length;
            }
            // A stable sort: the rows of a contract keep their order.
            rows.sort_by_key(|(contract, _)| *contract);
            for contract in rows.chunk_by(|a, b| a.0 == b.0) {
                visit(contract.iter().map(|(_, text)| text.to_vec()).collect())?;
            }
        }
        Ok(())
    }
}
