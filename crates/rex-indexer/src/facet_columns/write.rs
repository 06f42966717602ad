//! Writes the file `facets`. All integers are little-endian.
//!
//! ```text
//! magic, version, documents n, bytes of a row                                    header
//! for each facet: bits of a code, values v, sets s, members m, missing           in the order of `Facet::ALL`
//!                 bytes of strings
//! checksum                                                                       CRC-32 of the header
//! for each facet
//!   v numbers, 8 bytes each                                                      of a range facet, sorted
//!   v ends in the strings; strings                                               of other facets: terms, sorted
//!   v collation ordinals                                                         of other facets: dictionary order of each value
//!   v totals                                                                     documents that have each value
//!   s ends in the members; m members                                             value ordinals of each set, sorted
//! n rows                                                                         the codes of all facets of a document, bit-packed
//! 8 zero bytes                                                                   so that every code can be read as eight bytes
//! ```

use std::io::{self, Write};

use tantivy::SegmentReader;

use super::builder::{Cell, FacetColumn, collect};
use super::interner::Interner;
use crate::build::external_sort::{ExternalSorter, sorted};
use crate::build::temp_file::TempFiles;
use crate::codec::bitpack::BitWriter;
use rex_index::doc_store::RecordDecoder;
use rex_index::facet_columns::collation::dictionary_key;
use rex_index::facet_columns::layout::{MAGIC, PADDING, VERSION};
use rex_query::{Facet, FacetKind};

/// Bytes of rows written at a time.
const AT_ONCE: usize = 1 << 16;

/// Writes the facet columns of the documents of some segments, in order.
///
/// Memory grows with the distinct values and sets, their bytes and some 30 more each, and not with the documents.
///
/// # Errors
/// Segments that cannot be read, a directory that cannot be written, and errors of the writer.
pub(crate) fn write(
    segments: &[SegmentReader],
    records: &RecordDecoder,
    temp_files: TempFiles<'_>,
    out: &mut dyn Write,
) -> tantivy::Result<()> {
    let mut rows = temp_files.file("rows")?;
    let columns = collect(segments, records, &mut rows)?;
    let rows = rows.read()?;
    out.write_all(&header(segments, &columns)?)?;
    // Lazily, so that the values of a facet are freed before the next one is written.
    let tables = columns.into_iter().map(|column| write_tables(column, temp_files, out));
    let codes: Vec<_> = tables.collect::<tantivy::Result<_>>()?;
    write_rows(&rows.bytes, &codes, out)?;
    out.write_all(&[0; PADDING])?;
    rows.remove()
}

/// Bits of every code up to the last.
fn bits(last_code: usize) -> u32 {
    usize::BITS - last_code.leading_zeros()
}

/// Appends a row: codes with their widths in bits, padded to a whole byte.
fn push_row(codes: impl Iterator<Item = (u32, u32)>, rows: &mut Vec<u8>) {
    let mut writer = BitWriter::default();
    codes.for_each(|(code, bits)| writer.add(code, bits, rows));
    writer.finish(rows);
}

fn header(segments: &[SegmentReader], facets: &[FacetColumn]) -> io::Result<Vec<u8>> {
    let documents: usize = segments.iter().map(|segment| segment.max_doc() as usize).sum();
    let row: u32 = facets.iter().map(FacetColumn::bits).sum();
    let mut header = MAGIC.to_vec();
    let mut add = |number: usize| -> io::Result<()> {
        header.extend(count(number)?.to_le_bytes());
        Ok(())
    };
    add(VERSION as usize)?;
    add(documents)?;
    add(row.div_ceil(8) as usize)?;
    for column in facets {
        add(column.bits() as usize)?;
        add(column.values.len())?;
        add(column.sets.len())?;
        add(column.sets.elements())?;
        add(column.missing as usize)?;
        add(match column.facet.kind() {
            FacetKind::Terms | FacetKind::Hierarchy => column.values.elements(),
            FacetKind::Range => 0,
        })?;
    }
    header.extend(crc32fast::hash(&header).to_le_bytes());
    Ok(header)
}

impl FacetColumn {
    /// Bits of a code.
    fn bits(&self) -> u32 {
        bits(self.values.len() + self.sets.len())
    }
}

/// Assigns codes to cells, once all values of a facet are known.
struct FacetCodes {
    /// Ordinal of each value, by its number in the interner.
    ordinals: Vec<u32>,
    bits: u32,
}

impl FacetCodes {
    fn of(&self, cell: Cell) -> u32 {
        match cell {
            Cell::Nothing => 0,
            Cell::Value(number) => self.ordinals[number as usize] + 1,
            Cell::Set(number) => self.ordinals.len() as u32 + number + 1,
        }
    }
}

fn write_tables(column: FacetColumn, temp_files: TempFiles<'_>, out: &mut dyn Write) -> tantivy::Result<FacetCodes> {
    let bits = column.bits();
    let FacetColumn {
        facet,
        values,
        sets,
        totals,
        ..
    } = column;
    let sorted = sorted(values.len() as u32, |number| values.get(number));
    match facet.kind() {
        FacetKind::Range => {
            for number in &sorted {
                let bytes = values.get(*number).iter().rev().copied().collect::<Vec<_>>();
                out.write_all(&bytes)?;
            }
        }
        FacetKind::Terms | FacetKind::Hierarchy => {
            write_numbers(ends(sorted.iter().map(|number| values.get(*number).len())), out)?;
            for number in &sorted {
                out.write_all(values.get(*number))?;
            }
            write_numbers(collation_ordinals(facet, &values, &sorted, temp_files)?, out)?;
        }
    }
    drop(values);
    write_numbers(sorted.iter().map(|number| totals[*number as usize]), out)?;
    let mut ordinals = vec![0; sorted.len()];
    (0..)
        .zip(sorted)
        .for_each(|(ordinal, number)| ordinals[number as usize] = ordinal);
    write_numbers(ends(sets.iter().map(<[u32]>::len)), out)?;
    for set in sets.iter() {
        let mut set: Vec<u32> = set.iter().map(|number| ordinals[*number as usize]).collect();
        set.sort_unstable();
        write_numbers(set, out)?;
    }
    Ok(FacetCodes { ordinals, bits })
}

/// The running sums of some lengths, whose total the header has shown to fit.
fn ends(lengths: impl Iterator<Item = usize>) -> impl Iterator<Item = u32> {
    lengths.scan(0, |end, length| {
        *end += length as u32;
        Some(*end)
    })
}

/// The collation ordinal of each value, by ordinal.
fn collation_ordinals(
    facet: Facet,
    values: &Interner<u8>,
    sorted: &[u32],
    temp_files: TempFiles<'_>,
) -> tantivy::Result<Vec<u32>> {
    let mut sorter = ExternalSorter::new(temp_files, "values", temp_files.memory.of_keys());
    for number in sorted {
        let term = String::from_utf8_lossy(values.get(*number));
        sorter.add(&dictionary_key(facet.value_of(&term)))?;
    }
    let mut collation = vec![0; sorted.len()];
    let mut next = 0;
    sorter.finish(|ordinal, _| {
        collation[ordinal as usize] = next;
        next += 1;
        Ok(())
    })?;
    Ok(collation)
}

fn write_rows(rows: &[u8], facets: &[FacetCodes], out: &mut dyn Write) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(2 * AT_ONCE);
    for row in rows.as_chunks::<{ Cell::BYTES }>().0.chunks(facets.len()) {
        let codes = row.iter().zip(facets);
        push_row(
            codes.map(|(cell, codes)| (codes.of(Cell::decode(*cell)), codes.bits)),
            &mut bytes,
        );
        if bytes.len() >= AT_ONCE {
            out.write_all(&bytes)?;
            bytes.clear();
        }
    }
    out.write_all(&bytes)
}

fn write_numbers(numbers: impl IntoIterator<Item = u32>, out: &mut dyn Write) -> io::Result<()> {
    numbers
        .into_iter()
        .try_for_each(|number| out.write_all(&number.to_le_bytes()))
}

fn count(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| io::Error::other("the facets are over 4 GiB"))
}
