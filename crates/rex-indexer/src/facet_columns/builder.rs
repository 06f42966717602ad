use rex_corpus::Record;
use tantivy::{SegmentReader, TantivyError};

use super::interner::Interner;
use crate::build::temp_file::TempFile;
use rex_index::doc_store::RecordDecoder;
use rex_query::{Facet, FacetKind};

/// What documents have of one facet, numbered as it is met.
pub(super) struct FacetColumn {
    pub(super) facet: Facet,
    /// The different values: terms as the index has them; numbers of a range as eight bytes, the highest first. Either are in order
    /// as their bytes are.
    pub(super) values: Interner<u8>,
    /// The sets of several values, by the numbers of these.
    pub(super) sets: Interner<u32>,
    /// Documents that have each value.
    pub(super) totals: Vec<u32>,
    /// Documents that have none.
    pub(super) missing: u32,
}

/// What a document has of a facet while values are met: a value or a set, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Nothing,
    Value(u32),
    Set(u32),
}

impl Cell {
    /// Bytes of one that is written down.
    pub(super) const BYTES: usize = 4;

    /// `None` where the number is over 31 bits.
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

/// Reads what all documents of some segments have of every facet, in the order of [`Facet::ALL`], and writes down what each one
/// [`Cell`], so that none is read again once all values are known.
///
/// # Errors
/// Segments that cannot be read; a file that cannot be written; more values than can be numbered.
pub(super) fn collect(
    segments: &[SegmentReader],
    records: &RecordDecoder,
    rows: &mut TempFile<'_>,
) -> tantivy::Result<Vec<FacetColumn>> {
    let mut columns: Vec<_> = Facet::ALL.into_iter().map(FacetColumn::new).collect();
    let mut numbers = Vec::new();
    records.each(segments, |record| {
        for column in &mut columns {
            let had = column.add(&record, &mut numbers).and_then(Cell::encode);
            rows.write(&had.ok_or_else(too_many)?)?;
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

    /// Counts what a record has; `None` where there is too much to be numbered. `numbers` is room to work in.
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
    TantivyError::InternalError("a facet has more values than can be numbered".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_had_is_read_as_it_was_written() {
        for had in [
            Cell::Nothing,
            Cell::Value(0),
            Cell::Set(0),
            Cell::Value(7),
            Cell::Set(7),
            Cell::Value((1 << 31) - 1),
        ] {
            assert_eq!(had.encode().map(Cell::decode), Some(had));
        }
        assert_eq!(
            (Cell::Value(1 << 31).encode(), Cell::Set(1 << 31).encode()),
            (None, None)
        );
    }
}
