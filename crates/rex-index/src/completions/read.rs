use std::cmp::Ordering;
use std::ops::Range;
use std::path::Path;

use tantivy::TantivyError;
use tantivy::directory::{Directory, OwnedBytes};
use tantivy_fst::{Map, raw::Fst};

use super::FILE;
use super::layout::{HEADER, MAGIC, VERSION};
use super::range_min_tree::{Best, RankList, level_lengths};
use crate::codec::reader::{self, Numbers, SectionReader};
use rex_query::CompletionKind;

/// The completions of a generation, read where they lie: opening them costs one pass over the file, to verify it, and
/// no memory of its own.
pub struct Completions {
    shelves: Numbers,
    counts: Numbers,
    ends: Numbers,
    strings: OwnedBytes,
    offsets: OwnedBytes,
    /// The ids of the starts, then the levels over them.
    ids: Vec<Numbers>,
    words: Map<OwnedBytes>,
}

/// One completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletionEntry<'a> {
    /// What it is.
    pub kind: CompletionKind,
    /// As it is shown and searched.
    pub text: &'a str,
    /// The folded words of the text, joined by single spaces.
    pub key: &'a str,
    /// How many records have it; in a large corpus, at least so many.
    pub count: u32,
    /// The record of a title that only one has.
    pub record: Option<&'a str>,
}

impl Completions {
    /// The completions of a finished index.
    ///
    /// # Errors
    /// A file that is missing, cannot be read, is damaged, or is not of this format.
    pub fn open(directory: &dyn Directory) -> tantivy::Result<Self> {
        Self::read(&directory.open_read(Path::new(FILE))?.read_bytes()?)
    }

    /// Reads the bytes of the file.
    ///
    /// # Errors
    /// Bytes that are damaged or not of this format.
    pub fn read(bytes: &OwnedBytes) -> tantivy::Result<Self> {
        let Some(body) = bytes.len().checked_sub(4).filter(|_| bytes.starts_with(MAGIC)) else {
            return Err(damaged("it is not one of ours"));
        };
        let mut header = SectionReader(bytes.slice(MAGIC.len()..bytes.len()));
        if header.number() != Some(VERSION) {
            return Err(damaged("it has another version"));
        }
        let sum = SectionReader(bytes.slice(body..bytes.len())).number();
        if sum != Some(crc32fast::hash(&bytes[..body])) {
            return Err(damaged("its checksum does not match"));
        }
        Self::cut(header, bytes.slice(0..body)).ok_or_else(|| damaged("its parts do not fit"))
    }

    fn cut(mut header: SectionReader, bytes: OwnedBytes) -> Option<Self> {
        let (completions, starts) = (header.number()? as usize, header.number()? as usize);
        let (strings, words) = (header.length()?, header.length()?);
        let mut sections = SectionReader(bytes);
        sections.take(HEADER)?;
        let shelves = sections.numbers(2 * CompletionKind::ALL.len())?;
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
            shelves,
            counts,
            ends,
            strings,
            offsets,
            ids,
            words: Map::from(words),
        })
    }

    /// The completion of an id.
    ///
    /// # Errors
    /// An id that is not one of this generation.
    pub fn get(&self, id: u32) -> tantivy::Result<CompletionEntry<'_>> {
        let string = |rank: usize| std::str::from_utf8(self.string(id, rank)?).ok();
        let read = || {
            Some(CompletionEntry {
                kind: self.kind(id)?,
                key: string(0)?,
                text: string(1)?,
                count: self.counts.get(id as usize)?,
                record: Some(string(2)?).filter(|record| !record.is_empty()),
            })
        };
        read().ok_or_else(|| damaged("it lacks a completion it names"))
    }

    /// The completions of a kind, the most frequent first.
    pub fn of_kind(&self, kind: CompletionKind) -> Range<u32> {
        self.shelf(kind, 0)
    }

    /// Where completions of a kind can be typed from with `prefix`: what [`Self::best`] takes.
    ///
    /// A prefix is folded words joined by single spaces, the last as far as it is typed.
    pub fn starting(&self, kind: CompletionKind, prefix: &str) -> Range<usize> {
        let shelf = self.shelf(kind, 1);
        let shelf = shelf.start as usize..shelf.end as usize;
        let start = self.first(shelf.clone(), |key| key.cmp(prefix.as_bytes()) != Ordering::Less);
        let end = self.first(start..shelf.end, |key| !key.starts_with(prefix.as_bytes()));
        start..end
    }

    /// The completions of a stretch of [`Self::starting`], the most frequent first: their ids, and the byte of the key
    /// from which they were typed. One that can be typed from several comes several times.
    pub fn best(&self, stretch: Range<usize>) -> impl Iterator<Item = (u32, usize)> {
        Best::new(&self.ids, stretch).map(|(start, id)| (id, self.offset(start)))
    }

    /// The completion of a kind that has a key; none either where too many others end with it.
    pub fn with_key(&self, kind: CompletionKind, key: &str) -> Option<u32> {
        /// Starts that are the same text, looked at.
        const MAX_ALIKE: usize = 4_096;
        let alike = self.starting(kind, key).take(MAX_ALIKE);
        let mut alike = alike.take_while(|start| self.typed_from(*start) == key.as_bytes());
        let whole = alike.find(|start| self.offset(*start) == 0)?;
        self.ids[0].get(whole)
    }

    /// Every word of every completion, with the count of the most frequent one that holds it.
    pub fn words(&self) -> &Map<OwnedBytes> {
        &self.words
    }

    /// The first start of a stretch that `is_past`, which must hold from there on; the end where none is.
    fn first(&self, stretch: Range<usize>, is_past: impl Fn(&[u8]) -> bool) -> usize {
        let (mut start, mut end) = (stretch.start, stretch.end);
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

    /// The key of a start, from there.
    fn typed_from(&self, start: usize) -> &[u8] {
        let id = self.ids[0].get(start);
        let key = id.and_then(|id| self.string(id, 0)).unwrap_or_default();
        key.get(self.offset(start)..).unwrap_or_default()
    }

    fn offset(&self, start: usize) -> usize {
        let bytes = self.offsets.get(2 * start..2 * start + 2);
        bytes.map_or(0, |bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])))
    }

    /// The key, the text or the record of an id.
    fn string(&self, id: u32, rank: usize) -> Option<&[u8]> {
        let at = 3 * id as usize + rank;
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
    fn shelf(&self, kind: CompletionKind, column: usize) -> Range<u32> {
        let end = |rank: usize| self.shelves.get(2 * rank + column).unwrap_or_default();
        let rank = kind.rank();
        let start = if rank == 0 { 0 } else { end(rank - 1) };
        start..end(rank)
    }
}

fn damaged(why: &str) -> TantivyError {
    reader::damaged(FILE, why)
}

impl RankList for Numbers {
    fn len(&self) -> usize {
        self.len()
    }

    fn at(&self, place: usize) -> u32 {
        self.get(place).unwrap_or(u32::MAX)
    }
}
