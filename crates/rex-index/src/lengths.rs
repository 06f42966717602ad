//! How many words each field holds in all: what the length of a text is compared with when it is scored.
//!
//! The engine counts them too, but when it merges a segment that has deletions it guesses their share from lengths that are
//! rounded. They are kept in a file of ours, so that an index that was updated scores as one that was built anew.

use std::collections::BTreeMap;
use std::path::Path;

use rex_corpus::{CpvLabels, Record};
use tantivy::directory::{Directory, RamDirectory};
use tantivy::schema::Field;
use tantivy::{Index, Searcher, SegmentReader, TantivyError};

use crate::error::IndexError;
use crate::memory::BuildMemory;
use crate::writer::{DocumentWriter, searcher};

/// Words of each field of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lengths(BTreeMap<Field, u64>);

impl Lengths {
    /// Name of the file in a generation.
    const FILE: &'static str = "lengths";

    /// Those of an index: what its file says or, where it has none, what the engine counted.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn open(directory: &dyn Directory, searcher: &Searcher) -> tantivy::Result<Self> {
        let path = Path::new(Self::FILE);
        if !directory.exists(path)? {
            return Self::counted(searcher.segment_readers());
        }
        let by_name: BTreeMap<String, u64> = serde_json::from_slice(&directory.atomic_read(path)?)
            .map_err(|error| TantivyError::InternalError(format!("the file {}: {error}", Self::FILE)))?;
        let schema = searcher.schema();
        let by_field = by_name
            .into_iter()
            .map(|(name, words)| Ok((schema.get_field(&name)?, words)));
        by_field.collect::<tantivy::Result<_>>().map(Self)
    }

    /// What the engine counted, exactly where nothing was ever deleted.
    ///
    /// # Errors
    /// Segments that cannot be read.
    pub(crate) fn counted(segments: &[SegmentReader]) -> tantivy::Result<Self> {
        let mut lengths = Self::default();
        for segment in segments {
            let indexed = segment.schema().fields().filter(|(_, entry)| entry.is_indexed());
            for (field, _) in indexed {
                *lengths.0.entry(field).or_default() += segment.inverted_index(field)?.total_num_tokens();
            }
        }
        Ok(lengths)
    }

    /// Those of records, each cut into words once more, as when it was added.
    ///
    /// # Errors
    /// Records that cannot be read.
    pub(crate) fn of(
        records: impl Iterator<Item = Result<Record, IndexError>>,
        labels: &CpvLabels,
        memory: BuildMemory,
    ) -> Result<Self, IndexError> {
        /// Records held in memory at a time.
        const AT_ONCE: usize = 1_000;
        let mut lengths = Self::default();
        let mut records = records.peekable();
        while records.peek().is_some() {
            let writer = DocumentWriter::create(RamDirectory::create().into(), labels.clone(), memory)?;
            for record in records.by_ref().take(AT_ONCE) {
                writer.add(&record?, None)?;
            }
            let index = writer.finish()?;
            lengths.add(&Self::counted(searcher(&index)?.segment_readers())?);
        }
        Ok(lengths)
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (field, words) in &other.0 {
            *self.0.entry(*field).or_default() += words;
        }
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        for (field, words) in &other.0 {
            let left = self.0.entry(*field).or_default();
            *left = left.saturating_sub(*words);
        }
    }

    /// Writes the file of an index.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn write(&self, index: &Index, directory: &dyn Directory) -> Result<(), IndexError> {
        let schema = index.schema();
        let by_name: BTreeMap<&str, u64> = self
            .0
            .iter()
            .map(|(field, words)| (schema.get_field_name(*field), *words))
            .collect();
        let path = Path::new(Self::FILE);
        serde_json::to_vec(&by_name)
            .map_err(Into::into)
            .and_then(|json| directory.atomic_write(path, &json))
            .map_err(IndexError::io("write", path))
    }

    /// Words of a field.
    pub fn words(&self, field: Field) -> u64 {
        self.0.get(&field).copied().unwrap_or_default()
    }
}
