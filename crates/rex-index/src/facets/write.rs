//! The file of the facets, written. All numbers are little-endian.
//!
//! ```text
//! magic, version, documents n, bytes of a row                                    header
//! for each facet: bits of a code, values v, sets s, members m, missing           in the order of `Facet::ALL`
//!                 bytes of strings
//! checksum                                                                       CRC-32 of all that is before
//! for each facet
//!   v numbers, 8 bytes each                                                      sorted; of a range, and nothing below but totals
//!   v ends in the strings; strings                                               terms as the index has them, sorted
//!   v places                                                                     of each value, in the order of a dictionary
//!   v totals                                                                     documents that have each value
//!   s ends in the members; m members                                             of each set, ranks of values, sorted
//! n rows                                                                         of each document, the codes of all facets, each
//!                                                                                from the lowest bit that is left on
//! 8 bytes of nothing                                                             so that every code can be read as eight bytes
//! ```

use std::io::{self, Write};

use tantivy::SegmentReader;

use super::collect::{FacetColumns, FacetValues, collect, dictionary_order};
use crate::facet::Facet;
use crate::records::RecordReader;

pub(super) const MAGIC: &[u8; 8] = b"rex-face";
/// Changes whenever the layout does.
pub(super) const VERSION: u32 = 2;
/// Bytes of rows written at a time.
const AT_ONCE: usize = 1 << 16;
/// Bytes after the rows.
pub(super) const PADDING: usize = 8;

/// Writes the facets of the documents of some segments, one segment after the other.
///
/// Memory is bounded by the different values and sets of values, not by the documents.
///
/// # Errors
/// Segments that cannot be read; what the writer says.
pub(crate) fn write(segments: &[SegmentReader], records: &RecordReader, out: &mut dyn Write) -> tantivy::Result<()> {
    let facets = collect(segments, records)?;
    out.write_all(&header(segments, &facets)?)?;
    for columns in &facets {
        write_tables(columns.facet, columns, out)?;
    }
    write_rows(segments, records, &facets, out)?;
    out.write_all(&[0; PADDING])?;
    Ok(())
}

/// Bits that hold every code up to the last.
fn bits(last_code: usize) -> usize {
    (usize::BITS - last_code.leading_zeros()) as usize
}

/// Adds a row: codes, each with its bits, one after the other, and what is missing to a whole byte.
fn add_row(codes: impl Iterator<Item = (u32, usize)>, rows: &mut Vec<u8>) {
    let (mut pending, mut held) = (0_u64, 0);
    for (code, bits) in codes {
        pending |= u64::from(code) << held;
        held += bits;
        while held >= 8 {
            rows.push(pending as u8);
            pending >>= 8;
            held -= 8;
        }
    }
    if held > 0 {
        rows.push(pending as u8);
    }
}

fn header(segments: &[SegmentReader], facets: &[FacetColumns]) -> io::Result<Vec<u8>> {
    let documents: usize = segments.iter().map(|segment| segment.max_doc() as usize).sum();
    let row: usize = facets.iter().map(|columns| bits(columns.last_code())).sum();
    let mut header = MAGIC.to_vec();
    let mut add = |number: usize| -> io::Result<()> {
        header.extend(count(number)?.to_le_bytes());
        Ok(())
    };
    add(VERSION as usize)?;
    add(documents)?;
    add(row.div_ceil(8))?;
    for columns in facets {
        add(bits(columns.last_code()))?;
        add(columns.values.len())?;
        add(columns.sets.len())?;
        add(columns.sets.iter().map(|set| set.len()).sum())?;
        add(columns.missing as usize)?;
        let strings: usize = match &columns.values {
            FacetValues::Terms(terms) => terms.iter().map(String::len).sum(),
            FacetValues::Numbers(_) => 0,
        };
        add(strings)?;
    }
    header.extend(crc32fast::hash(&header).to_le_bytes());
    Ok(header)
}

fn write_tables(facet: Facet, columns: &FacetColumns, out: &mut dyn Write) -> io::Result<()> {
    match &columns.values {
        FacetValues::Numbers(numbers) => {
            for number in numbers {
                out.write_all(&number.to_le_bytes())?;
            }
        }
        FacetValues::Terms(terms) => {
            write_numbers(ends(terms.iter().map(String::len)), out)?;
            for term in terms {
                out.write_all(term.as_bytes())?;
            }
            write_numbers(places(facet, terms), out)?;
        }
    }
    write_numbers(columns.totals.iter().copied(), out)?;
    write_numbers(ends(columns.sets.iter().map(|set| set.len())), out)?;
    write_numbers(columns.sets.iter().flat_map(|set| set.iter().copied()), out)
}

/// Where each of some lengths ends when they stand one after the other; their sum was found to be small enough.
fn ends(lengths: impl Iterator<Item = usize>) -> impl Iterator<Item = u32> {
    lengths.scan(0, |end, length| {
        *end += length as u32;
        Some(*end)
    })
}

/// The place of each value among all, as a dictionary would have them.
fn places(facet: Facet, terms: &[String]) -> impl Iterator<Item = u32> {
    let mut ranks: Vec<u32> = (0..terms.len() as u32).collect();
    ranks.sort_by_cached_key(|rank| dictionary_order(facet.value_of(&terms[*rank as usize])));
    let mut places = vec![0; terms.len()];
    (0..).zip(ranks).for_each(|(place, rank)| places[rank as usize] = place);
    places.into_iter()
}

fn write_rows(
    segments: &[SegmentReader],
    records: &RecordReader,
    facets: &[FacetColumns],
    out: &mut dyn Write,
) -> tantivy::Result<()> {
    let mut ranks = Vec::new();
    let mut rows = Vec::new();
    records.each(segments, |record| {
        let codes = facets.iter().map(|columns| {
            let code = columns.code(&record, &mut ranks);
            (code, bits(columns.last_code()))
        });
        add_row(codes, &mut rows);
        if rows.len() >= AT_ONCE {
            out.write_all(&rows)?;
            rows.clear();
        }
        Ok(())
    })?;
    out.write_all(&rows)?;
    Ok(())
}

fn write_numbers(numbers: impl IntoIterator<Item = u32>, out: &mut dyn Write) -> io::Result<()> {
    numbers
        .into_iter()
        .try_for_each(|number| out.write_all(&number.to_le_bytes()))
}

fn count(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| io::Error::other("the facets are over 4 GiB"))
}
