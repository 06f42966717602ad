//! The vectors of the records of a segment, read in place from the fast fields [`Fields::MEANING`].

use std::ops::Range;

use rex_analysis::RecordVector;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use crate::schema::fields::{Fields, MEANING_WORDS};

/// Documents read together by [`RecordVectors::read`].
pub const BLOCK: usize = 256;

/// The vectors of a segment.
pub struct RecordVectors([Column<u64>; MEANING_WORDS]);

impl RecordVectors {
    /// Opens the columns of a segment.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let mut open = Vec::with_capacity(MEANING_WORDS);
        for name in Fields::MEANING {
            open.push(columns.u64(name)?);
        }
        let open = open
            .try_into()
            .map_err(|_| tantivy::TantivyError::InternalError("columns".to_owned()))?;
        Ok(Self(open))
    }

    /// The vector of a document; `None` if it has none.
    pub fn get(&self, document: DocId) -> Option<RecordVector> {
        vector(
            self.0
                .each_ref()
                .map(|column| column.first(document).unwrap_or_default()),
        )
    }

    /// The vectors of at most [`BLOCK`] documents in a row, which have to be in the segment.
    pub fn read(&self, documents: Range<DocId>) -> impl Iterator<Item = (DocId, Option<RecordVector>)> + use<> {
        let mut words = [[0; BLOCK]; MEANING_WORDS];
        for (column, words) in self.0.iter().zip(&mut words) {
            column
                .values
                .get_range(documents.start.into(), &mut words[..documents.len().min(BLOCK)]);
        }
        documents
            .take(BLOCK)
            .enumerate()
            .map(move |(rank, document)| (document, vector(words.each_ref().map(|words| words[rank]))))
    }
}

/// Decodes a vector; `None` for zeros.
fn vector(words: [u64; MEANING_WORDS]) -> Option<RecordVector> {
    if words == [0; MEANING_WORDS] {
        return None;
    }
    let mut bytes = [0; RecordVector::BYTES];
    for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
        *to = word.to_le_bytes();
    }
    Some(RecordVector::from_bytes(bytes))
}

/// Encodes a vector for the fields.
pub fn to_words(vector: Option<RecordVector>) -> [u64; MEANING_WORDS] {
    let mut words = [0; MEANING_WORDS];
    if let Some(vector) = vector {
        for (word, bytes) in words.iter_mut().zip(vector.to_bytes().as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
        }
    }
    words
}
