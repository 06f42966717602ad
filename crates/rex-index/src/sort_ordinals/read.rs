//! Reads the file `ranks`.

use std::cmp::Ordering;
use std::path::Path;

use tantivy::directory::{Directory, OwnedBytes};
use tantivy::{DocAddress, Searcher, SegmentReader, TantivyDocument};

use super::FILE;
use super::layout::{MAGIC, PADDING, VERSION, bits};
use crate::codec::reader::{self, SectionReader};
use crate::doc_store::RecordDecoder;

/// The ordinals of all documents of an index, read in place. Opening them takes constant time and memory.
#[derive(Debug, Clone)]
pub struct SortOrdinals {
    /// Id ordinal by document.
    ids: Packed,
    /// Title ordinal by document.
    titles: Packed,
    /// Document by id ordinal.
    by_id: Packed,
    /// Number of documents before each segment, then of all.
    starts: Vec<u32>,
}

impl SortOrdinals {
    /// Opens the ordinals of a finished index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read, is damaged or is of another index.
    pub fn open(directory: &dyn Directory, searcher: &Searcher) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers();
        let bytes = directory.open_read(Path::new(FILE))?.read_bytes()?;
        Self::read(&bytes, segments.iter().map(SegmentReader::max_doc))
    }

    /// Reads the ordinals from the bytes of their file, given the number of documents in each segment.
    ///
    /// # Errors
    /// Bytes that are damaged or of another index.
    pub fn read(bytes: &OwnedBytes, documents: impl Iterator<Item = u32>) -> tantivy::Result<Self> {
        if !bytes.starts_with(MAGIC) {
            return Err(reader::damaged(FILE, "it has another magic number"));
        }
        let mut starts = vec![0_u32];
        starts.extend(documents.scan(0_u32, |all, documents| {
            *all = all.saturating_add(documents);
            Some(*all)
        }));
        let mut sections = SectionReader(bytes.slice(MAGIC.len()..bytes.len()));
        let mut cut = || {
            (sections.number()? == VERSION).then_some(())?;
            let (count, width) = (sections.number()?, sections.number()?);
            let header = bytes.len() - sections.0.len();
            (sections.number()? == crc32fast::hash(&bytes[..header])).then_some(())?;
            (starts.last() == Some(&count) && width == bits(count)).then_some(())?;
            let mut packed = || Packed::take(&mut sections, count, width);
            let ordinals = Self {
                ids: packed()?,
                titles: packed()?,
                by_id: packed()?,
                starts: starts.clone(),
            };
            sections.0.is_empty().then_some(ordinals)
        };
        cut().ok_or_else(|| reader::damaged(FILE, "its sections do not fit its length"))
    }

    /// The id ordinal of a document, from 0; `u32::MAX` for an unknown document.
    pub fn id_ordinal(&self, address: DocAddress) -> u32 {
        self.ordinal(&self.ids, address)
    }

    /// The title ordinal of a document in dictionary order; titles that sort alike have the same one.
    pub fn title_ordinal(&self, address: DocAddress) -> u32 {
        self.ordinal(&self.titles, address)
    }

    fn ordinal(&self, ordinals: &Packed, address: DocAddress) -> u32 {
        let start = self.starts.get(address.segment_ord as usize);
        let number = start.and_then(|start| start.checked_add(address.doc_id));
        number.and_then(|number| ordinals.get(number)).unwrap_or(u32::MAX)
    }

    /// The document with an id, by binary search: log2 of the number of documents records are read.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn find(&self, searcher: &Searcher, records: &RecordDecoder, id: &str) -> tantivy::Result<Option<DocAddress>> {
        let (mut start, mut end) = (0, self.by_id.count);
        while start < end {
            let middle = start + (end - start) / 2;
            let address = self.nth(middle)?;
            let found = records.id(&searcher.doc::<TantivyDocument>(address)?)?;
            match found.as_str().cmp(id) {
                Ordering::Less => start = middle + 1,
                Ordering::Equal => return Ok(Some(address)),
                Ordering::Greater => end = middle,
            }
        }
        Ok(None)
    }

    /// The document with the given id ordinal.
    ///
    /// # Errors
    /// An ordinal past the last, and a file that is damaged.
    pub fn nth(&self, ordinal: u32) -> tantivy::Result<DocAddress> {
        let number = self.by_id.get(ordinal).filter(|number| *number < self.by_id.count);
        let number = number.ok_or_else(|| reader::damaged(FILE, "it names an unknown document"))?;
        let segment = self.starts.partition_point(|start| *start <= number) - 1;
        Ok(DocAddress::new(segment as u32, number - self.starts[segment]))
    }
}

/// A bit-packed array of numbers.
#[derive(Debug, Clone)]
struct Packed {
    bytes: OwnedBytes,
    bits: u32,
    count: u32,
}

impl Packed {
    fn take(sections: &mut SectionReader, count: u32, bits: u32) -> Option<Self> {
        let length = (u64::from(count) * u64::from(bits)).div_ceil(8) + PADDING as u64;
        Some(Self {
            bytes: sections.take(usize::try_from(length).ok()?)?,
            bits,
            count,
        })
    }

    #[inline]
    fn get(&self, at: u32) -> Option<u32> {
        if at >= self.count {
            return None;
        }
        let bit = u64::from(at) * u64::from(self.bits);
        let bytes = self.bytes.get((bit / 8) as usize..)?.first_chunk()?;
        let mask = u64::MAX >> (u64::BITS - self.bits);
        Some(((u64::from_le_bytes(*bytes) >> (bit % 8)) & mask) as u32)
    }
}
