//! How many words each field holds in all: what the length of a text is compared with when it is scored.
//!
//! The engine counts them too, but when it merges a segment that has deletions it guesses their share from lengths that are
//! rounded. They are kept in a file of ours, so that an index that was updated scores as one that was built anew.

use std::collections::BTreeMap;
use std::path::Path;

use tantivy::directory::Directory;
use tantivy::schema::{Field, Schema};
use tantivy::{Searcher, SegmentReader, TantivyError};

/// Words of each field of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldLengths(BTreeMap<Field, u64>);

impl FieldLengths {
    /// Name of the file in a generation.
    pub const FILE: &'static str = "lengths";

    /// Those of a finished index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read or is damaged.
    pub fn open(directory: &dyn Directory, searcher: &Searcher) -> tantivy::Result<Self> {
        let path = Path::new(Self::FILE);
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
    pub fn counted(segments: &[SegmentReader]) -> tantivy::Result<Self> {
        let mut lengths = Self::default();
        for segment in segments {
            let indexed = segment.schema().fields().filter(|(_, entry)| entry.is_indexed());
            for (field, _) in indexed {
                *lengths.0.entry(field).or_default() += segment.inverted_index(field)?.total_num_tokens();
            }
        }
        Ok(lengths)
    }

    /// Adds the words of another index.
    pub fn add(&mut self, other: &Self) {
        for (field, words) in &other.0 {
            *self.0.entry(*field).or_default() += words;
        }
    }

    /// Subtracts the words of records that are gone.
    pub fn subtract(&mut self, other: &Self) {
        for (field, words) in &other.0 {
            let left = self.0.entry(*field).or_default();
            *left = left.saturating_sub(*words);
        }
    }

    /// Words by the name of the field, as the file has them.
    pub fn by_name<'a>(&self, schema: &'a Schema) -> BTreeMap<&'a str, u64> {
        let named = self
            .0
            .iter()
            .map(|(field, words)| (schema.get_field_name(*field), *words));
        named.collect()
    }

    /// Words of a field.
    pub fn tokens(&self, field: Field) -> u64 {
        self.0.get(&field).copied().unwrap_or_default()
    }
}
