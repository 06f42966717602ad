use std::ops::Range;
use std::path::Path;

use tantivy::directory::{Directory, OwnedBytes};
use tantivy::{DocId, Searcher, SegmentOrdinal, TantivyError};

use super::FILE;
use super::layout::{MAGIC, PADDING, VERSION};
use crate::codec::reader::{self, Numbers, SectionReader};
use rex_query::{Facet, FacetKind};

/// The facets of every document of an index, read where they lie: opening them takes no time that grows with the documents,
/// and no memory of its own.
pub struct FacetColumns {
    /// In the order of [`Facet::ALL`].
    tables: Vec<FacetTable>,
    rows: OwnedBytes,
    bytes_of_row: usize,
    /// The rows before those of each segment, and the rows of all.
    starts: Vec<usize>,
}

/// The values of one facet.
///
/// A *rank* is that of a value among all of them, in the order of their terms or of their numbers, from 0. A *code* is what a
/// document has: 0 for none of them, a rank and one for that very value, and more for a set of several.
pub struct FacetTable {
    facet: Facet,
    place: FacetSlot,
    values: usize,
    /// Of terms.
    ends: Numbers,
    strings: OwnedBytes,
    places: Numbers,
    /// Of a range: eight bytes each.
    numbers: OwnedBytes,
    totals: Numbers,
    missing: u32,
    set_ends: Numbers,
    members: Numbers,
}

/// Where the code of a facet stands in a row.
#[derive(Debug, Clone, Copy)]
pub struct FacetSlot {
    /// The byte that its lowest bit is in, and which bit of it that is.
    byte: usize,
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
    /// The code that stands in a row; 0 past its end.
    #[inline]
    pub fn code(self, row: &[u8]) -> u32 {
        let bytes = row.get(self.byte..).and_then(|bytes| bytes.first_chunk());
        bytes.map_or(0, |bytes| {
            ((u64::from_le_bytes(*bytes) >> self.shift) & self.mask) as u32
        })
    }
}

impl FacetRows<'_> {
    /// Bytes that hold a row, and what is read with its last code.
    pub fn width(self) -> usize {
        self.bytes_of_row + PADDING - 1
    }

    /// Copies the rows of some documents, or as much of them as is asked for, in their order; a row of nothing past the last document.
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

    /// The code a document has for the facet of that place; 0 past the last document.
    #[inline]
    pub fn code(self, place: FacetSlot, document: DocId) -> u32 {
        let row = self.bytes.get(document as usize * self.bytes_of_row..);
        row.map_or(0, |row| place.code(row))
    }
}

impl FacetColumns {
    /// Those of a finished index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read, is damaged, or is not that of this index; segments that cannot be read.
    pub fn open(directory: &dyn Directory, searcher: &Searcher) -> tantivy::Result<Self> {
        let bytes = directory.open_read(Path::new(FILE))?.read_bytes()?;
        let segments = searcher.segment_readers();
        Self::read(&bytes, segments.iter().map(|segment| segment.max_doc() as usize))
    }

    /// Reads the file of segments of so many documents.
    pub fn read(bytes: &OwnedBytes, documents: impl Iterator<Item = usize>) -> tantivy::Result<Self> {
        if !bytes.starts_with(MAGIC) {
            return Err(damaged("it is not one of ours"));
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
            let heads = Facet::ALL.map(|facet| Head::read(facet, &mut sections));
            let header = bytes.len() - sections.0.len();
            (sections.number()? == crc32fast::hash(&bytes[..header])).then_some(())?;
            let mut bit = 0;
            let mut tables = Vec::with_capacity(heads.len());
            for head in heads {
                let head = head?;
                tables.push(head.table(bit, &mut sections)?);
                bit += head.bits;
            }
            let length = rows.checked_mul(bytes_of_row)?.checked_add(PADDING)?;
            let rows_bytes = sections.take(length)?;
            let fits = bit.div_ceil(8) == bytes_of_row && starts.last() == Some(&rows) && sections.0.is_empty();
            fits.then_some((tables, rows_bytes, bytes_of_row))
        };
        let (tables, rows, bytes_of_row) = cut().ok_or_else(|| damaged("its parts do not fit"))?;
        Ok(Self {
            tables,
            rows,
            bytes_of_row,
            starts,
        })
    }

    /// The values of a facet.
    pub fn table(&self, facet: Facet) -> &FacetTable {
        &self.tables[facet as usize]
    }

    /// The codes of the documents of a segment; none where there is no such segment.
    pub fn rows(&self, segment: SegmentOrdinal) -> FacetRows<'_> {
        let row = |rank: usize| self.starts.get(rank).copied().unwrap_or_default();
        let (start, end) = (row(segment as usize), row(segment as usize + 1));
        // Eight bytes can be read at the last code: those of the next row, or those of nothing.
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

    /// Where its codes stand in a row.
    pub fn slot(&self) -> FacetSlot {
        self.place
    }

    /// How many different values there are.
    pub fn values(&self) -> usize {
        self.values
    }

    /// How many codes there are, that of nothing among them.
    pub fn codes(&self) -> usize {
        1 + self.values + self.set_ends.len()
    }

    /// The code that every document has, where they all have the same.
    pub fn single_code(&self) -> Option<u32> {
        match (self.values, self.missing, self.set_ends.len()) {
            (0, ..) => Some(0),
            (1, 0, 0) => Some(1),
            _ => None,
        }
    }

    /// Documents without a value.
    pub fn missing(&self) -> u32 {
        self.missing
    }

    /// Documents that have each value, by rank.
    pub fn totals(&self) -> impl Iterator<Item = u32> {
        self.totals.iter()
    }

    /// The values of a code, by rank; none where there is no such code.
    pub fn ordinals(&self, code: u32) -> impl Iterator<Item = u32> {
        let code = code as usize;
        let single = (1..=self.values).contains(&code).then(|| code as u32 - 1);
        let members = code.checked_sub(self.values + 1).and_then(|set| {
            let start = set.checked_sub(1).map_or(Some(0), |before| self.set_ends.get(before))?;
            self.members.slice(start as usize..self.set_ends.get(set)? as usize)
        });
        single.into_iter().chain(members.into_iter().flatten())
    }

    /// The codes of several values, each with the ranks of them.
    pub fn sets(&self) -> Range<u32> {
        1 + self.values as u32..self.codes() as u32
    }

    /// The term of a value, as the index has it.
    ///
    /// # Errors
    /// A rank that is none of these values; a file that is damaged.
    pub fn term(&self, rank: u32) -> tantivy::Result<&str> {
        let term = self.bytes(rank).and_then(|bytes| std::str::from_utf8(bytes).ok());
        term.ok_or_else(|| damaged("it lacks a value it names"))
    }

    /// The place of a value, as a dictionary would have them.
    pub fn collation_ordinal(&self, rank: u32) -> u32 {
        self.places.get(rank as usize).unwrap_or_default()
    }

    /// The number of a value of a range.
    pub fn number(&self, rank: u32) -> Option<u64> {
        let start = (rank as usize).checked_mul(8)?;
        let bytes = self.numbers.get(start..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// The rank of a term.
    pub fn ordinal_of(&self, term: &str) -> Option<u32> {
        let rank = self.first(|rank| self.bytes(rank) >= Some(term.as_bytes()));
        (self.bytes(rank) == Some(term.as_bytes())).then_some(rank)
    }

    /// The ranks of the terms that begin so.
    pub fn ordinals_with_prefix(&self, prefix: &str) -> Range<u32> {
        let prefix = prefix.as_bytes();
        let start = self.first(|rank| self.bytes(rank) >= Some(prefix));
        let is_past = |rank| {
            self.bytes(rank)
                .is_none_or(|term| term > prefix && !term.starts_with(prefix))
        };
        start..self.first(is_past)
    }

    /// The rank of the least number from this one on; past the last where there is none.
    pub fn ordinal_from(&self, number: u64) -> u32 {
        self.first(|rank| self.number(rank).is_none_or(|found| found >= number))
    }

    /// The first rank that `is_past`, which must hold from there on; past the last where none is.
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

    fn bytes(&self, rank: u32) -> Option<&[u8]> {
        let rank = rank as usize;
        let start = rank.checked_sub(1).map_or(Some(0), |before| self.ends.get(before))?;
        self.strings.get(start as usize..self.ends.get(rank)? as usize)
    }
}

/// What the header says of one facet.
struct Head {
    facet: Facet,
    bits: usize,
    values: usize,
    sets: usize,
    members: usize,
    missing: usize,
    strings: usize,
}

impl Head {
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
        // Codes are numbered in four bytes.
        u32::try_from(self.values.checked_add(self.sets)?.checked_add(1)?).ok()?;
        let (terms, numbers) = match self.facet.kind() {
            FacetKind::Range => (0, self.values),
            FacetKind::Terms | FacetKind::Hierarchy => (self.values, 0),
        };
        Some(FacetTable {
            facet: self.facet,
            place: FacetSlot {
                byte: bit / 8,
                shift: (bit % 8) as u32,
                mask: (1 << self.bits) - 1,
            },
            values: self.values,
            numbers: sections.take(numbers.checked_mul(8)?)?,
            ends: sections.numbers(terms)?,
            strings: sections.take(self.strings)?,
            places: sections.numbers(terms)?,
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
