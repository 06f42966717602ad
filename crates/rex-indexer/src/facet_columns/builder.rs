//! Collects the facet values of all documents.

use rex_corpus::Record;
use tantivy::{SegmentReader, TantivyError};

use super::interner::Interner;
use crate::build::temp_file::TempFile;
use rex_index::doc_store::RecordDecoder;
use rex_query::{Facet, FacetKind};

/// The values and sets of one facet, numbered in order of first occurrence.
pub(super) struct FacetColumn {
    pub(super) facet: Facet,
    /// Distinct values: terms, or the numbers of a range in eight bytes, big-endian. Both sort by their bytes.
    pub(super) values: Interner<u8>,
    /// Distinct sets of several values, as sorted value numbers.
    pub(super) sets: Interner<u32>,
    /// Number of documents that have each value.
    pub(super) totals: Vec<u32>,
    /// Number of documents without a value.
    pub(super) missing: u32,
}

/// The cell of a document in a facet column while it is built: the number of a value or of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Nothing,
    Value(u32),
    Set(u32),
}

impl Cell {
    /// Bytes of an encoded cell.
    pub(super) const BYTES: usize = 4;

    /// `None` if the number has more than 31 bits.
    fn encode(self) -> Option<[u8; Self::BYTES]> {
        let number = match self {
            Self::Nothing => 0,
            Self::Value(number) => number.checked_mul(2)?.checked_add(1)?,
            Self::Set(number) => number.checked_mul(2)?.checked_add(2)?,
        };
        Some(number.to_le_bytes())
    }

    pub(super) fn decode(bytes: [u8; Self::BYTES]) -> Self {
        match u32::from_le_bytes(bytes) {
            0 => Self::Nothing,
            number if number % 2 == 1 => Self::Value(number / 2),
            number => Self::Set(number / 2 - 1),
        }
    }
}

/// Reads all documents of some segments into one column per facet, in the order of [`Facet::ALL`], and writes their cells to a temporary
/// file, so that no record is read twice.
///
/// # Errors
/// Segments that cannot be read, a file that cannot be written, and too many values.
pub(super) fn collect(
    segments: &[SegmentReader],
    records: &RecordDecoder,
    rows: &mut TempFile<'_>,
) -> tantivy::Result<Vec<FacetColumn>> {
    let mut columns: Vec<_> = Facet::ALL.into_iter().map(FacetColumn::new).collect();
    let mut numbers = Vec::new();
    records.each(segments, |record| {
        for column in &mut columns {
            let cell = column.add(&record, &mut numbers).and_then(Cell::encode);
            rows.write(&cell.ok_or_else(too_many)?)?;
        }
        Ok(())
    })?;
    Ok(columns)
}

impl FacetColumn {
    fn new(facet: Facet) -> Self {
        Self {
            facet,
            values: Interner::default(),
            sets: Interner::default(),
            totals: Vec::new(),
            missing: 0,
        }
    }

    /// Adds the values of a record; `None` if there are too many to number. `numbers` is a buffer.
    fn add(&mut self, record: &Record, numbers: &mut Vec<u32>) -> Option<Cell> {
        numbers.clear();
        match self.facet.kind() {
            FacetKind::Range => {
                let number = self.facet.number(record);
                if let Some(number) = number {
                    numbers.push(self.values.number(&number.to_be_bytes())?);
                }
            }
            FacetKind::Terms | FacetKind::Hierarchy => {
                for value in self.facet.values(record) {
                    numbers.push(self.values.number(self.facet.term(&value).as_bytes())?);
                }
            }
        }
        self.totals.resize(self.values.len(), 0);
        numbers.iter().for_each(|number| self.totals[*number as usize] += 1);
        numbers.sort_unstable();
        Some(match numbers.as_slice() {
            [] => {
                self.missing += 1;
                Cell::Nothing
            }
            [number] => Cell::Value(*number),
            set => Cell::Set(self.sets.number(set)?),
        })
    }
}

fn too_many() -> TantivyError {
    TantivyError::InternalError("a facet has too many values".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_decoded_as_they_were_encoded() {
        for cell in [
            Cell::Nothing,
            Cell::Value(0),
            Cell::Set(0),
            Cell::Value(7),
            Cell::Set(7),
            Cell::Value((1 << 31) - 1),
        ] {
            assert_eq!(cell.encode().map(Cell::decode), Some(cell));
        }
        assert_eq!(
            (Cell::Value(1 << 31).encode(), Cell::Set(1 << 31).encode()),
            (None, None)
        );
    }
}
