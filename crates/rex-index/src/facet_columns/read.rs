//! Reads the file `facets`.

use std::ops::Range;
use std::path::Path;

use tantivy::directory::{Directory, OwnedBytes};
use tantivy::{DocId, Searcher, SegmentOrdinal, TantivyError};

use super::FILE;
use super::layout::{MAGIC, PADDING, VERSION};
use crate::codec::reader::{self, Numbers, SectionReader};
use rex_query::{Facet, FacetKind};

/// The facet columns of an index, read in place. Opening them takes constant time and memory.
pub struct FacetColumns {
    /// In the order of [`Facet::ALL`].
    tables: Vec<FacetTable>,
    rows: OwnedBytes,
    bytes_of_row: usize,
    /// Number of rows before each segment, then of all.
    starts: Vec<usize>,
}

/// The values of one facet.
///
/// An *ordinal* is the index of a value among all values of the facet, in order of term or number, from 0. A *code* is what a row holds: 0
/// for no value, ordinal + 1 for a single value, and larger codes for sets of values.
pub struct FacetTable {
    facet: Facet,
    slot: FacetSlot,
    values: usize,
    /// Ends of the terms in `strings`; empty for a range.
    ends: Numbers,
    strings: OwnedBytes,
    /// Collation ordinal by ordinal; empty for a range.
    collation: Numbers,
    /// Values of a range, eight bytes each.
    numbers: OwnedBytes,
    /// Documents that have each value.
    totals: Numbers,
    missing: u32,
    /// Ends of the sets in `members`.
    set_ends: Numbers,
    members: Numbers,
}

/// The bits of a row that hold the code of a facet.
#[derive(Debug, Clone, Copy)]
pub struct FacetSlot {
    /// Byte of the lowest bit.
    byte: usize,
    /// Position of the lowest bit in that byte.
    shift: u32,
    mask: u64,
}

/// The codes of the documents of a segment.
#[derive(Clone, Copy)]
pub struct FacetRows<'a> {
    bytes: &'a [u8],
    bytes_of_row: usize,
}

impl FacetSlot {
    /// The code in a row; 0 past its end.
    #[inline]
    pub fn code(self, row: &[u8]) -> u32 {
        let bytes = row.get(self.byte..).and_then(|bytes| bytes.first_chunk());
        bytes.map_or(0, |bytes| {
            ((u64::from_le_bytes(*bytes) >> self.shift) & self.mask) as u32
        })
    }
}

impl FacetRows<'_> {
    /// Bytes of a row plus those read beyond it with its last code.
    pub fn width(self) -> usize {
        self.bytes_of_row + PADDING - 1
    }

    /// Copies the first `N` bytes of the rows of some documents, in order; zeros past the last document.
    pub fn copy<const N: usize>(self, documents: &[DocId], rows: &mut Vec<[u8; N]>) {
        rows.clear();
        rows.extend(documents.iter().map(|document| {
            let bytes = self
                .bytes
                .get(*document as usize * self.bytes_of_row..)
                .unwrap_or_default();
            let mut row = [0; N];
            match bytes.first_chunk() {
                Some(bytes) => row = *bytes,
                None => row[..bytes.len()].copy_from_slice(bytes),
            }
            row
        }));
    }

    /// The code of a document in a slot; 0 past the last document.
    #[inline]
    pub fn code(self, slot: FacetSlot, document: DocId) -> u32 {
        let row = self.bytes.get(document as usize * self.bytes_of_row..);
        row.map_or(0, |row| slot.code(row))
    }
}

impl FacetColumns {
    /// Opens the columns of a finished index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read, is damaged or is of another index.
    pub fn open(directory: &dyn Directory, searcher: &Searcher) -> tantivy::Result<Self> {
        let bytes = directory.open_read(Path::new(FILE))?.read_bytes()?;
        let segments = searcher.segment_readers();
        Self::read(&bytes, segments.iter().map(|segment| segment.max_doc() as usize))
    }

    /// Reads the columns from the bytes of their file, given the number of documents in each segment.
    ///
    /// # Errors
    /// Bytes that are damaged or of another index.
    pub fn read(bytes: &OwnedBytes, documents: impl Iterator<Item = usize>) -> tantivy::Result<Self> {
        if !bytes.starts_with(MAGIC) {
            return Err(damaged("it has another magic number"));
        }
        let mut sections = SectionReader(bytes.slice(MAGIC.len()..bytes.len()));
        if sections.number() != Some(VERSION) {
            return Err(damaged("it has another version"));
        }
        let mut starts = vec![0];
        starts.extend(documents.scan(0, |rows, documents| {
            *rows += documents;
            Some(*rows)
        }));
        let mut cut = || {
            let (rows, bytes_of_row) = (sections.number()? as usize, sections.number()? as usize);
            let headers = Facet::ALL.map(|facet| FacetHeader::read(facet, &mut sections));
            let header = bytes.len() - sections.0.len();
            (sections.number()? == crc32fast::hash(&bytes[..header])).then_some(())?;
            let mut bit = 0;
            let mut tables = Vec::with_capacity(headers.len());
            for facet_header in headers {
                let facet_header = facet_header?;
                tables.push(facet_header.table(bit, &mut sections)?);
                bit += facet_header.bits;
            }
            let length = rows.checked_mul(bytes_of_row)?.checked_add(PADDING)?;
            let rows_bytes = sections.take(length)?;
            let fits = bit.div_ceil(8) == bytes_of_row && starts.last() == Some(&rows) && sections.0.is_empty();
            fits.then_some((tables, rows_bytes, bytes_of_row))
        };
        let (tables, rows, bytes_of_row) = cut().ok_or_else(|| damaged("its sections do not fit its length"))?;
        Ok(Self {
            tables,
            rows,
            bytes_of_row,
            starts,
        })
    }

    /// The table of a facet.
    pub fn table(&self, facet: Facet) -> &FacetTable {
        &self.tables[facet as usize]
    }

    /// The rows of a segment; empty for an unknown segment.
    pub fn rows(&self, segment: SegmentOrdinal) -> FacetRows<'_> {
        let row = |segment: usize| self.starts.get(segment).copied().unwrap_or_default();
        let (start, end) = (row(segment as usize), row(segment as usize + 1));
        // Eight bytes are read at the last code: they may reach into the next row or the padding.
        let bytes = start * self.bytes_of_row..end * self.bytes_of_row + PADDING;
        FacetRows {
            bytes: self.rows.get(bytes).unwrap_or_default(),
            bytes_of_row: self.bytes_of_row,
        }
    }
}

impl FacetTable {
    /// The facet.
    pub fn facet(&self) -> Facet {
        self.facet
    }

    /// The bits of a row that hold its codes.
    pub fn slot(&self) -> FacetSlot {
        self.slot
    }

    /// Number of distinct values.
    pub fn values(&self) -> usize {
        self.values
    }

    /// Number of codes, 0 included.
    pub fn codes(&self) -> usize {
        1 + self.values + self.set_ends.len()
    }

    /// The code of all documents, if they share one.
    pub fn single_code(&self) -> Option<u32> {
        match (self.values, self.missing, self.set_ends.len()) {
            (0, ..) => Some(0),
            (1, 0, 0) => Some(1),
            _ => None,
        }
    }

    /// Number of documents without a value.
    pub fn missing(&self) -> u32 {
        self.missing
    }

    /// Number of documents that have each value, by ordinal.
    pub fn totals(&self) -> impl Iterator<Item = u32> {
        self.totals.iter()
    }

    /// The ordinals of a code; none for code 0 and for an unknown code.
    pub fn ordinals(&self, code: u32) -> impl Iterator<Item = u32> {
        let code = code as usize;
        let single = (1..=self.values).contains(&code).then(|| code as u32 - 1);
        let members = code.checked_sub(self.values + 1).and_then(|set| {
            let start = set.checked_sub(1).map_or(Some(0), |before| self.set_ends.get(before))?;
            self.members.slice(start as usize..self.set_ends.get(set)? as usize)
        });
        single.into_iter().chain(members.into_iter().flatten())
    }

    /// The codes of sets of several values.
    pub fn sets(&self) -> Range<u32> {
        1 + self.values as u32..self.codes() as u32
    }

    /// The term of an ordinal.
    ///
    /// # Errors
    /// An ordinal past the last, and a file that is damaged.
    pub fn term(&self, ordinal: u32) -> tantivy::Result<&str> {
        let term = self.bytes(ordinal).and_then(|bytes| std::str::from_utf8(bytes).ok());
        term.ok_or_else(|| damaged("a value is missing"))
    }

    /// The ordinal of a value in dictionary order.
    pub fn collation_ordinal(&self, ordinal: u32) -> u32 {
        self.collation.get(ordinal as usize).unwrap_or_default()
    }

    /// The number of an ordinal of a range facet.
    pub fn number(&self, ordinal: u32) -> Option<u64> {
        let start = (ordinal as usize).checked_mul(8)?;
        let bytes = self.numbers.get(start..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// The ordinal of a term.
    pub fn ordinal_of(&self, term: &str) -> Option<u32> {
        let ordinal = self.first(|ordinal| self.bytes(ordinal) >= Some(term.as_bytes()));
        (self.bytes(ordinal) == Some(term.as_bytes())).then_some(ordinal)
    }

    /// The ordinals of the terms with a prefix.
    pub fn ordinals_with_prefix(&self, prefix: &str) -> Range<u32> {
        let prefix = prefix.as_bytes();
        let start = self.first(|ordinal| self.bytes(ordinal) >= Some(prefix));
        let is_past = |ordinal| {
            self.bytes(ordinal)
                .is_none_or(|term| term > prefix && !term.starts_with(prefix))
        };
        start..self.first(is_past)
    }

    /// The ordinal of the least number that is at least `number`; past the last if there is none.
    pub fn ordinal_from(&self, number: u64) -> u32 {
        self.first(|ordinal| self.number(ordinal).is_none_or(|found| found >= number))
    }

    /// The first ordinal for which `is_past` holds, by binary search; past the last if there is none.
    fn first(&self, is_past: impl Fn(u32) -> bool) -> u32 {
        let (mut start, mut end) = (0, self.values as u32);
        while start < end {
            let middle = start + (end - start) / 2;
            if is_past(middle) {
                end = middle;
            } else {
                start = middle + 1;
            }
        }
        start
    }

    fn bytes(&self, ordinal: u32) -> Option<&[u8]> {
        let ordinal = ordinal as usize;
        let start = ordinal.checked_sub(1).map_or(Some(0), |before| self.ends.get(before))?;
        self.strings.get(start as usize..self.ends.get(ordinal)? as usize)
    }
}

/// The header of one facet: the lengths of its sections.
struct FacetHeader {
    facet: Facet,
    bits: usize,
    values: usize,
    sets: usize,
    members: usize,
    missing: usize,
    strings: usize,
}

impl FacetHeader {
    fn read(facet: Facet, sections: &mut SectionReader) -> Option<Self> {
        let mut length = || sections.number().map(|number| number as usize);
        Some(Self {
            facet,
            bits: length().filter(|bits| *bits <= 32)?,
            values: length()?,
            sets: length()?,
            members: length()?,
            missing: length()?,
            strings: length()?,
        })
    }

    fn table(&self, bit: usize, sections: &mut SectionReader) -> Option<FacetTable> {
        // Codes have four bytes.
        u32::try_from(self.values.checked_add(self.sets)?.checked_add(1)?).ok()?;
        let (terms, numbers) = match self.facet.kind() {
            FacetKind::Range => (0, self.values),
            FacetKind::Terms | FacetKind::Hierarchy => (self.values, 0),
        };
        Some(FacetTable {
            facet: self.facet,
            slot: FacetSlot {
                byte: bit / 8,
                shift: (bit % 8) as u32,
                mask: (1 << self.bits) - 1,
            },
            values: self.values,
            numbers: sections.take(numbers.checked_mul(8)?)?,
            ends: sections.numbers(terms)?,
            strings: sections.take(self.strings)?,
            collation: sections.numbers(terms)?,
            totals: sections.numbers(self.values)?,
            missing: u32::try_from(self.missing).ok()?,
            set_ends: sections.numbers(self.sets)?,
            members: sections.numbers(self.members)?,
        })
    }
}

fn damaged(why: &str) -> TantivyError {
    reader::damaged(FILE, why)
}
