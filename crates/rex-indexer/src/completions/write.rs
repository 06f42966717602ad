//! Writes the file `completions`. All integers are little-endian.
//!
//! ```text
//! magic, version, completions n, starts m, bytes of strings, bytes of words      header
//! for each kind: end of its ids, end of its starts                               ids and starts are grouped by kind
//! n counts                                                                       by id, the most frequent of a kind first
//! 3n ends in the strings                                                         of the key, the text, the record id
//! strings
//! m ids                                                                          of the starts, sorted by the rest of the key
//! m offsets in the key                                                           two bytes each
//! levels above the ids                                                           see `range_min_tree`
//! words                                                                          FST from each word to its weight
//! checksum                                                                       CRC-32 of everything before
//! ```
//!
//! A *start* is a position in a key at which typing may begin. The starts of a kind are sorted, so a prefix is a range of them. Ids ascend
//! as counts descend, so the least ids of a range are its most frequent completions.

use std::io::{self, Write};

use foldhash::{HashMap, HashMapExt};
use rex_analysis::is_stop_word;
use tantivy_fst::MapBuilder;

use super::candidates::Candidate;
use rex_index::completions::layout::{MAGIC, VERSION};
use rex_index::completions::range_min_tree;
use rex_query::CompletionKind;

/// Limit of starts of a completion.
const MAX_STARTS: usize = 6;

struct Start {
    /// The first eight bytes from there on, which decide most comparisons.
    prefix: u64,
    id: u32,
    offset: u16,
}

/// Writes the file.
///
/// # Errors
/// Errors of the writer, and completions of 4 GiB or more.
pub(crate) fn write(mut candidates: Vec<Candidate>, out: &mut dyn Write) -> io::Result<()> {
    candidates.sort_by(|a, b| {
        let by_count = b.count.cmp(&a.count);
        (a.kind.rank().cmp(&b.kind.rank()))
            .then(by_count)
            .then_with(|| a.key.cmp(&b.key))
    });
    let (starts, kind_ends) = sorted_starts(&candidates);
    let words = words(&candidates)?;
    let strings: usize = candidates.iter().flat_map(strings_of).map(str::len).sum();
    let ids: Vec<u32> = starts.iter().map(|start| start.id).collect();

    let mut out = Checksummed::new(out);
    out.write(MAGIC)?;
    out.numbers([VERSION, count(candidates.len())?, count(starts.len())?])?;
    out.write(&(strings as u64).to_le_bytes())?;
    out.write(&(words.len() as u64).to_le_bytes())?;
    out.numbers(kind_ends.into_iter().flatten())?;
    out.numbers(candidates.iter().map(|candidate| candidate.count))?;
    let mut end = 0;
    for string in candidates.iter().flat_map(strings_of) {
        end += string.len();
        out.numbers([count(end)?])?;
    }
    for string in candidates.iter().flat_map(strings_of) {
        out.write(string.as_bytes())?;
    }
    out.numbers(ids.iter().copied())?;
    for start in &starts {
        out.write(&start.offset.to_le_bytes())?;
    }
    for level in range_min_tree::levels(&ids) {
        out.numbers(level)?;
    }
    out.write(&words)?;
    out.finish()
}

/// The starts of all kinds, and for each kind the end of its ids and of its starts.
fn sorted_starts(candidates: &[Candidate]) -> (Vec<Start>, Vec<[u32; 2]>) {
    let mut starts: Vec<Start> = Vec::new();
    let mut kind_ends = Vec::new();
    let mut id = 0;
    for kind in CompletionKind::ALL {
        let first = starts.len();
        while let Some(candidate) = candidates.get(id).filter(|candidate| candidate.kind == kind) {
            starts.extend(starts_of(&candidate.key).map(|offset| Start {
                prefix: prefix(&candidate.key.as_bytes()[offset..]),
                id: id as u32,
                offset: offset as u16,
            }));
            id += 1;
        }
        let rest = |start: &Start| &candidates[start.id as usize].key[usize::from(start.offset)..];
        starts[first..].sort_unstable_by(|a, b| {
            (a.prefix.cmp(&b.prefix))
                .then_with(|| rest(a).cmp(rest(b)))
                .then(a.id.cmp(&b.id))
        });
        kind_ends.push([id as u32, starts.len() as u32]);
    }
    (starts, kind_ends)
}

/// The starts of a key: its first word, and the first others that are not stop words.
fn starts_of(key: &str) -> impl Iterator<Item = usize> {
    let words = key.split(' ').scan(0, |next, word| {
        let offset = *next;
        *next += word.len() + 1;
        Some((offset, word))
    });
    words
        .filter(|(offset, word)| *offset == 0 || !is_stop_word(word))
        .map(|(offset, _)| offset)
        .take(MAX_STARTS)
}

fn prefix(bytes: &[u8]) -> u64 {
    let mut prefix = [0; 8];
    let length = bytes.len().min(8);
    prefix[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(prefix)
}

fn strings_of(candidate: &Candidate) -> [&str; 3] {
    let id = candidate.id.as_deref().unwrap_or_default();
    [&candidate.key, &candidate.text, id]
}

/// An FST of all words of the keys, each with the count of the most frequent completion that contains it.
fn words(candidates: &[Candidate]) -> io::Result<Vec<u8>> {
    let mut weights: HashMap<&str, u32> = HashMap::new();
    for candidate in candidates {
        for word in candidate.key.split(' ') {
            let weight = weights.entry(word).or_default();
            *weight = candidate.count.max(*weight);
        }
    }
    let mut weights: Vec<(&str, u32)> = weights.into_iter().collect();
    weights.sort_unstable();
    let mut map = MapBuilder::memory();
    for (word, weight) in weights {
        map.insert(word, u64::from(weight)).map_err(io::Error::other)?;
    }
    map.into_inner().map_err(io::Error::other)
}

fn count(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| io::Error::other("the completions are over 4 GiB"))
}

/// A buffered writer with a checksum.
struct Checksummed<'a> {
    out: &'a mut dyn Write,
    sum: crc32fast::Hasher,
    /// Numbers are too short for a call of the checksum each.
    buffer: Vec<u8>,
}

impl<'a> Checksummed<'a> {
    const AT_ONCE: usize = 1 << 16;

    fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            sum: crc32fast::Hasher::new(),
            buffer: Vec::with_capacity(Self::AT_ONCE),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.buffer.len() + bytes.len() > Self::AT_ONCE {
            self.flush()?;
        }
        self.buffer.extend(bytes);
        Ok(())
    }

    fn numbers(&mut self, numbers: impl IntoIterator<Item = u32>) -> io::Result<()> {
        numbers
            .into_iter()
            .try_for_each(|number| self.write(&number.to_le_bytes()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sum.update(&self.buffer);
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Writes the checksum.
    fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.out.write_all(&self.sum.finalize().to_le_bytes())
    }
}
