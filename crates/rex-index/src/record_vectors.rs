//! The vectors of all records, read in place from the fast fields [`Fields::MEANING`].

use std::ops::Range;

use rex_analysis::RecordVector;
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal};

use crate::schema::fields::{Fields, MEANING_WORDS};

/// Documents read together by [`RecordVectors::read`].
pub const BLOCK: usize = 256;

/// The vectors of an index, by segment. Opening them takes constant time and memory.
pub struct RecordVectors(Vec<[Column<u64>; MEANING_WORDS]>);

impl RecordVectors {
    /// Opens the columns of all segments.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn open(searcher: &Searcher) -> tantivy::Result<Self> {
        let mut segments = Vec::new();
        for segment in searcher.segment_readers() {
            let columns = Fields::MEANING.map(|name| segment.fast_fields().u64(name));
            let [a, b, c, d, e, f, g, h] = columns;
            segments.push([a?, b?, c?, d?, e?, f?, g?, h?]);
        }
        Ok(Self(segments))
    }

    /// The vector of a document; `None` if it has none.
    pub fn get(&self, address: DocAddress) -> Option<RecordVector> {
        let columns = self.0.get(address.segment_ord as usize)?;
        vector(
            columns
                .each_ref()
                .map(|column| column.first(address.doc_id).unwrap_or_default()),
        )
    }

    /// The vectors of at most [`BLOCK`] documents in a row, which have to be in the segment.
    pub fn read(
        &self,
        segment: SegmentOrdinal,
        documents: Range<DocId>,
    ) -> impl Iterator<Item = (DocId, Option<RecordVector>)> + use<> {
        let mut words = [[0; BLOCK]; MEANING_WORDS];
        for (column, words) in self.0[segment as usize].iter().zip(&mut words) {
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
