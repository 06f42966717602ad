//! Number of tokens in each field of the index. Divided by the number of documents, it is the average field length of BM25.
//!
//! tantivy counts them too, but after merging a segment with deletions its count is an estimate from rounded lengths. The exact counts
//! are in the file `lengths`, so that an updated index scores exactly as one built from nothing.

use std::collections::BTreeMap;
use std::path::Path;

use tantivy::directory::Directory;
use tantivy::schema::{Field, Schema};
use tantivy::{Searcher, SegmentReader, TantivyError};

/// Number of tokens by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldLengths(BTreeMap<Field, u64>);

impl FieldLengths {
    /// Name of the file in a generation.
    pub const FILE: &'static str = "lengths";

    /// Reads the file of a finished index.
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

    /// The counts of tantivy, which are exact if no document was ever deleted.
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

    /// Adds the counts of another index.
    pub fn add(&mut self, other: &Self) {
        for (field, words) in &other.0 {
            *self.0.entry(*field).or_default() += words;
        }
    }

    /// Subtracts the counts of removed records.
    pub fn subtract(&mut self, other: &Self) {
        for (field, words) in &other.0 {
            let left = self.0.entry(*field).or_default();
            *left = left.saturating_sub(*words);
        }
    }

    /// Counts by field name, as in the file.
    pub fn by_name<'a>(&self, schema: &'a Schema) -> BTreeMap<&'a str, u64> {
        let named = self
            .0
            .iter()
            .map(|(field, words)| (schema.get_field_name(*field), *words));
        named.collect()
    }

    /// Number of tokens in a field; 0 where the field is not indexed.
    pub fn tokens(&self, field: Field) -> u64 {
        self.0.get(&field).copied().unwrap_or_default()
    }
}
