//! Reads the file `completions`.

use std::cmp::Ordering;
use std::ops::Range;
use std::path::Path;

use tantivy::TantivyError;
use tantivy::directory::{Directory, OwnedBytes};
use tantivy_fst::{Map, raw::Fst};

use super::FILE;
use super::layout::{HEADER, MAGIC, VERSION};
use super::range_min_tree::{Best, Level, level_lengths};
use crate::codec::reader::{self, Numbers, SectionReader};
use rex_query::CompletionKind;

/// Starts with the same key that [`Completions::with_key`] looks at.
const MAX_ALIKE: usize = 4_096;

/// The completions of a generation, read in place. Opening them reads the file once for its checksum and allocates nothing that grows
/// with it.
pub struct Completions {
    /// For each kind, the end of its ids and the end of its starts.
    kind_ends: Numbers,
    counts: Numbers,
    /// Ends of key, text and record in `strings`, by id.
    ends: Numbers,
    strings: OwnedBytes,
    /// Byte of the key, for each start: two bytes each.
    offsets: OwnedBytes,
    /// The id of each start, then the levels of the range-minimum tree. Ids are ordered by descending count within a kind.
    ids: Vec<Numbers>,
    words: Map<OwnedBytes>,
}

/// One completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletionEntry<'a> {
    /// The kind.
    pub kind: CompletionKind,
    /// The text, as shown and searched.
    pub text: &'a str,
    /// The folded words of the text, joined by single spaces.
    pub key: &'a str,
    /// Number of records that contain it; a lower bound in a large corpus.
    pub count: u32,
    /// Id of the record, for a title that only one record has.
    pub record: Option<&'a str>,
}

impl Completions {
    /// Opens the completions of a finished index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read, is damaged, or is not of this format.
    pub fn open(directory: &dyn Directory) -> tantivy::Result<Self> {
        Self::read(&directory.open_read(Path::new(FILE))?.read_bytes()?)
    }

    /// Reads the completions from the bytes of their file.
    ///
    /// # Errors
    /// Bytes that are damaged or not of this format.
    pub fn read(bytes: &OwnedBytes) -> tantivy::Result<Self> {
        let Some(body) = bytes.len().checked_sub(4).filter(|_| bytes.starts_with(MAGIC)) else {
            return Err(damaged("it has another magic number"));
        };
        let mut header = SectionReader(bytes.slice(MAGIC.len()..bytes.len()));
        if header.number() != Some(VERSION) {
            return Err(damaged("it has another version"));
        }
        let sum = SectionReader(bytes.slice(body..bytes.len())).number();
        if sum != Some(crc32fast::hash(&bytes[..body])) {
            return Err(damaged("its checksum does not match"));
        }
        Self::cut(header, bytes.slice(0..body)).ok_or_else(|| damaged("its sections do not fit its length"))
    }

    fn cut(mut header: SectionReader, bytes: OwnedBytes) -> Option<Self> {
        let (completions, starts) = (header.number()? as usize, header.number()? as usize);
        let (strings, words) = (header.length()?, header.length()?);
        let mut sections = SectionReader(bytes);
        sections.take(HEADER)?;
        let kind_ends = sections.numbers(2 * CompletionKind::ALL.len())?;
        let counts = sections.numbers(completions)?;
        let ends = sections.numbers(completions.checked_mul(3)?)?;
        let strings = sections.take(strings)?;
        let mut ids = vec![sections.numbers(starts)?];
        let offsets = sections.take(starts.checked_mul(2)?)?;
        for length in level_lengths(starts) {
            ids.push(sections.numbers(length)?);
        }
        let words = Fst::new(sections.take(words)?).ok()?;
        sections.0.is_empty().then(|| Self {
            kind_ends,
            counts,
            ends,
            strings,
            offsets,
            ids,
            words: Map::from(words),
        })
    }

    /// The completion with the given id.
    ///
    /// # Errors
    /// An id past the last, and a file that is damaged.
    pub fn get(&self, id: u32) -> tantivy::Result<CompletionEntry<'_>> {
        let string = |part: usize| std::str::from_utf8(self.string(id, part)?).ok();
        let read = || {
            Some(CompletionEntry {
                kind: self.kind(id)?,
                key: string(0)?,
                text: string(1)?,
                count: self.counts.get(id as usize)?,
                record: Some(string(2)?).filter(|record| !record.is_empty()),
            })
        };
        read().ok_or_else(|| damaged("a completion is missing"))
    }

    /// The ids of a kind, the most frequent first.
    pub fn of_kind(&self, kind: CompletionKind) -> Range<u32> {
        self.range_of(kind, 0)
    }

    /// The starts of a kind that begin with `prefix`: folded words joined by single spaces, the last one possibly unfinished.
    pub fn starting(&self, kind: CompletionKind, prefix: &str) -> Range<usize> {
        let all = self.range_of(kind, 1);
        let all = all.start as usize..all.end as usize;
        let start = self.first(all.clone(), |key| key.cmp(prefix.as_bytes()) != Ordering::Less);
        let end = self.first(start..all.end, |key| !key.starts_with(prefix.as_bytes()));
        start..end
    }

    /// The completions of a range of [`Self::starting`], the most frequent first: their ids, and the byte of the key where the start is. A
    /// completion with several starts in the range is repeated.
    pub fn best(&self, starts: Range<usize>) -> impl Iterator<Item = (u32, usize)> {
        Best::new(&self.ids, starts).map(|(start, id)| (id, self.offset(start)))
    }

    /// The id of the completion of a kind with the given key; also `None` if too many other keys end with it.
    pub fn with_key(&self, kind: CompletionKind, key: &str) -> Option<u32> {
        let alike = self.starting(kind, key).take(MAX_ALIKE);
        let mut alike = alike.take_while(|start| self.typed_from(*start) == key.as_bytes());
        let whole = alike.find(|start| self.offset(*start) == 0)?;
        self.ids[0].get(whole)
    }

    /// All words of all completions, each with the count of the most frequent completion that contains it.
    pub fn words(&self) -> &Map<OwnedBytes> {
        &self.words
    }

    /// The first start in a range for which `is_past` holds, by binary search; the end of the range if there is none.
    fn first(&self, starts: Range<usize>, is_past: impl Fn(&[u8]) -> bool) -> usize {
        let (mut start, mut end) = (starts.start, starts.end);
        while start < end {
            let middle = start + (end - start) / 2;
            if is_past(self.typed_from(middle)) {
                end = middle;
            } else {
                start = middle + 1;
            }
        }
        start
    }

    /// The rest of the key from a start on.
    fn typed_from(&self, start: usize) -> &[u8] {
        let id = self.ids[0].get(start);
        let key = id.and_then(|id| self.string(id, 0)).unwrap_or_default();
        key.get(self.offset(start)..).unwrap_or_default()
    }

    fn offset(&self, start: usize) -> usize {
        let bytes = self.offsets.get(2 * start..2 * start + 2);
        bytes.map_or(0, |bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])))
    }

    /// The key (0), the text (1) or the record (2) of an id.
    fn string(&self, id: u32, part: usize) -> Option<&[u8]> {
        let at = 3 * id as usize + part;
        let start = match at {
            0 => 0,
            _ => self.ends.get(at - 1)?,
        };
        self.strings.get(start as usize..self.ends.get(at)? as usize)
    }

    fn kind(&self, id: u32) -> Option<CompletionKind> {
        CompletionKind::ALL
            .into_iter()
            .find(|kind| self.of_kind(*kind).contains(&id))
    }

    /// The ids (0) or the starts (1) of a kind.
    fn range_of(&self, kind: CompletionKind, column: usize) -> Range<u32> {
        let end = |kind: usize| self.kind_ends.get(2 * kind + column).unwrap_or_default();
        let kind = kind.rank();
        let start = if kind == 0 { 0 } else { end(kind - 1) };
        start..end(kind)
    }
}

fn damaged(why: &str) -> TantivyError {
    reader::damaged(FILE, why)
}

impl Level for Numbers {
    fn length(&self) -> usize {
        self.len()
    }

    fn at(&self, index: usize) -> u32 {
        self.get(index).unwrap_or(u32::MAX)
    }
}
