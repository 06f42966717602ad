use std::cmp::Ordering;
use std::ops::Range;
use std::path::Path;

use tantivy::TantivyError;
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{Directory, OwnedBytes};
use tantivy_fst::{Map, raw::Fst};

use super::FILE;
use super::kind::CompletionKind;
use super::tree::{Best, Ranks, level_lengths};
use super::write::{HEADER, MAGIC, VERSION};
use crate::sections::{self, Numbers, Sections};

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
    /// The completions in the directory of an index; none in that of an index which is not finished.
    ///
    /// # Errors
    /// A file that cannot be read, is damaged, or is not of this format.
    pub fn open(directory: &dyn Directory) -> tantivy::Result<Option<Self>> {
        let file = match directory.open_read(Path::new(FILE)) {
            Err(OpenReadError::FileDoesNotExist(_)) => return Ok(None),
            opened => opened?,
        };
        Self::read(&file.read_bytes()?).map(Some)
    }

    fn read(bytes: &OwnedBytes) -> tantivy::Result<Self> {
        let Some(body) = bytes.len().checked_sub(4).filter(|_| bytes.starts_with(MAGIC)) else {
            return Err(damaged("it is not one of ours"));
        };
        let mut header = Sections(bytes.slice(MAGIC.len()..bytes.len()));
        if header.number() != Some(VERSION) {
            return Err(damaged("it has another version"));
        }
        let sum = Sections(bytes.slice(body..bytes.len())).number();
        if sum != Some(crc32fast::hash(&bytes[..body])) {
            return Err(damaged("its checksum does not match"));
        }
        Self::cut(header, bytes.slice(0..body)).ok_or_else(|| damaged("its parts do not fit"))
    }

    fn cut(mut header: Sections, bytes: OwnedBytes) -> Option<Self> {
        let (completions, starts) = (header.number()? as usize, header.number()? as usize);
        let (strings, words) = (header.length()?, header.length()?);
        let mut sections = Sections(bytes);
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
    sections::damaged(FILE, why)
}

impl Ranks for Numbers {
    fn len(&self) -> usize {
        self.len()
    }

    fn at(&self, place: usize) -> u32 {
        self.get(place).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::candidates::Candidate;
    use super::super::write;
    use super::*;

    fn written(completions: &[(CompletionKind, &str, u32)]) -> Vec<u8> {
        let candidates = completions.iter().map(|(kind, key, count)| Candidate {
            kind: *kind,
            key: (*key).to_owned(),
            text: key.to_uppercase(),
            count: *count,
            id: (*count == 1).then(|| "un-cas".to_owned()),
        });
        let mut bytes = Vec::new();
        write(candidates.collect(), &mut bytes).unwrap();
        bytes
    }

    fn some() -> Vec<u8> {
        written(&[
            (CompletionKind::Title, "ramassage des cartons", 1),
            (CompletionKind::Title, "collecte", 3),
            (CompletionKind::Expression, "collecte des cartons", 2),
            (CompletionKind::Expression, "carton plat", 5),
            (CompletionKind::Expression, "des cartons", 4),
        ])
    }

    fn read(bytes: Vec<u8>) -> tantivy::Result<Completions> {
        Completions::read(&OwnedBytes::new(bytes))
    }

    fn texts(completions: &Completions, kind: CompletionKind, prefix: &str) -> Vec<(String, usize)> {
        let found = completions.best(completions.starting(kind, prefix));
        found
            .map(|(id, at)| (completions.get(id).unwrap().key.to_owned(), at))
            .collect()
    }

    #[test]
    fn a_prefix_finds_what_can_be_typed_so_the_most_frequent_first() {
        let completions = read(some()).unwrap();
        let found = texts(&completions, CompletionKind::Expression, "carton");
        let expected = [("carton plat", 0), ("des cartons", 4), ("collecte des cartons", 13)];
        assert_eq!(found, expected.map(|(key, at)| (key.to_owned(), at)));
        assert_eq!(
            texts(&completions, CompletionKind::Expression, "des").len(),
            1,
            "a stop word within a text is no start"
        );
        assert_eq!(texts(&completions, CompletionKind::Title, "").len(), 3);
        assert_eq!(texts(&completions, CompletionKind::ContractTitle, "c"), []);
        let title = completions
            .get(completions.of_kind(CompletionKind::Title).start)
            .unwrap();
        assert_eq!((title.text, title.count, title.record), ("COLLECTE", 3, None));
        assert!(completions.get(5).is_err());
        let with_key = |kind, key| Some(completions.get(completions.with_key(kind, key)?).unwrap().count);
        assert_eq!(with_key(CompletionKind::Expression, "des cartons"), Some(4));
        assert_eq!(with_key(CompletionKind::Title, "collecte"), Some(3));
        for key in ["cartons", "collecte", "collecte des", "carton plats", ""] {
            assert_eq!(with_key(CompletionKind::Expression, key), None, "{key}");
        }
        assert_eq!(completions.words().get("cartons"), Some(4));
    }

    #[test]
    fn no_completion_at_all_is_a_file_like_another() {
        let completions = read(written(&[])).unwrap();
        assert_eq!(texts(&completions, CompletionKind::Title, ""), []);
    }

    #[test]
    fn damage_is_an_error() {
        let good = some();
        for at in 0..good.len() {
            let mut bytes = good.clone();
            bytes[at] ^= 0x55;
            assert!(read(bytes).is_err(), "byte {at}");
            assert!(read(good[..at].to_vec()).is_err(), "cut at {at}");
        }
        assert!(read(b"{\"format\": 1}".to_vec()).is_err());
    }

    proptest! {
        #[test]
        fn a_prefix_finds_what_a_plain_loop_finds(
            texts in prop::collection::vec("[ab]{1,3}( [ab]{1,3}){0,3}", 0..40), prefix in "[ab]{0,3}( [ab]{0,2})?",
        ) {
            let all: Vec<(CompletionKind, &str, u32)> =
                texts.iter().enumerate().map(|(rank, text)| (CompletionKind::Expression, text.as_str(), rank as u32 + 2)).collect();
            let completions = read(written(&all)).unwrap();
            let mut expected: Vec<(u32, &str, usize)> = Vec::new();
            for (_, text, count) in &all {
                let starts = text.char_indices().filter(|(at, _)| *at == 0 || text.as_bytes()[at - 1] == b' ');
                let found = starts.filter(|(at, _)| text[*at..].starts_with(prefix.as_str()));
                expected.extend(found.filter(|(at, _)| *at == 0 || !rex_analysis::is_stop_word(text[*at..].split(' ').next().unwrap())).map(|(at, _)| (*count, *text, at)));
            }
            let mut found: Vec<(u32, &str, usize)> = Vec::new();
            for (id, at) in completions.best(completions.starting(CompletionKind::Expression, &prefix)) {
                let entry = completions.get(id).unwrap();
                found.push((entry.count, entry.key, at));
            }
            prop_assert!(found.is_sorted_by(|a, b| a.0 >= b.0));
            expected.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
