//! The file of the ranks, written. All numbers are little-endian.
//!
//! ```text
//! magic, version, documents n, bits of a rank b   header
//! checksum                                        CRC-32 of all that is before
//! n ranks                                         of each document, by its id
//! n ranks                                         of each document, by its title; one for titles that are sorted alike
//! n documents                                     in the order of their ids
//! ```
//!
//! So many ranks stand one after the other, b bits each, the lowest first, with eight bytes of nothing after the last, so that each
//! can be read as eight bytes.

use std::io::{self, Write};

use rex_analysis::{Analyzer, Rule};
use tantivy::{SegmentReader, TantivyDocument, TantivyError};

use crate::records::RecordReader;

pub(super) const MAGIC: &[u8; 8] = b"rex-rank";
/// Changes whenever the layout does.
pub(super) const VERSION: u32 = 1;
/// Bytes after the last of some ranks.
pub(super) const PADDING: usize = 8;

/// Writes the ranks of the documents of some segments, numbered one segment after the other.
///
/// Takes the memory of all ids or of all titles, whichever are longer, and 24 bytes for each.
///
/// # Errors
/// Segments that cannot be read; what the writer says.
pub(crate) fn write(segments: &[SegmentReader], records: &RecordReader, out: &mut dyn Write) -> tantivy::Result<()> {
    let documents: u64 = segments.iter().map(|segment| u64::from(segment.max_doc())).sum();
    let documents =
        u32::try_from(documents).map_err(|_| TantivyError::InternalError("too many documents".to_owned()))?;
    let bits = bits(documents);
    let mut header = MAGIC.to_vec();
    for number in [VERSION, documents, bits] {
        header.extend(number.to_le_bytes());
    }
    header.extend(crc32fast::hash(&header).to_le_bytes());
    out.write_all(&header)?;
    let ids = Keys::collect(segments, |document, keys| {
        keys.extend(records.id(document)?.as_bytes());
        Ok(())
    })?;
    let by_id = ids.sorted();
    drop(ids);
    let mut ranks = vec![0; by_id.len()];
    (0..)
        .zip(&by_id)
        .for_each(|(rank, document)| ranks[*document as usize] = rank);
    write_packed(ranks.iter().copied(), bits, out)?;
    let titles = Keys::collect(segments, |document, keys| {
        add_title_key(&records.title(document)?, keys);
        Ok(())
    })?;
    let mut before = None;
    let mut rank = 0;
    for (place, document) in (0..).zip(titles.sorted()) {
        let title = Some(titles.key(document));
        if title != before {
            (rank, before) = (place, title);
        }
        ranks[document as usize] = rank;
    }
    drop(titles);
    write_packed(ranks.into_iter(), bits, out)?;
    write_packed(by_id.into_iter(), bits, out)?;
    Ok(())
}

/// Bits that hold every rank among so many documents.
pub(super) fn bits(documents: u32) -> u32 {
    (u32::BITS - documents.saturating_sub(1).leading_zeros()).max(1)
}

/// The title as a dictionary would file it: words only, without elided articles, accents or capitals.
fn add_title_key(title: &str, keys: &mut Vec<u8>) {
    let words = Analyzer::default().without(Rule::Stemming).analyze(title);
    for (rank, word) in words.iter().enumerate() {
        if rank > 0 {
            keys.push(b' ');
        }
        keys.extend(word.exact.as_bytes());
    }
}

/// What documents are sorted by, one after the other.
struct Keys {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Keys {
    /// Those of all documents; `add` adds that of one.
    fn collect(
        segments: &[SegmentReader],
        add: impl Fn(&TantivyDocument, &mut Vec<u8>) -> tantivy::Result<()>,
    ) -> tantivy::Result<Self> {
        let mut keys = Self {
            bytes: Vec::new(),
            ends: Vec::new(),
        };
        for segment in segments {
            // One after the other: no block is looked at twice.
            for document in segment.get_store_reader(1)?.iter::<TantivyDocument>(None) {
                add(&document?, &mut keys.bytes)?;
                keys.ends.push(keys.bytes.len());
            }
        }
        Ok(keys)
    }

    fn key(&self, document: u32) -> &[u8] {
        let document = document as usize;
        let start = document.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[document]]
    }

    /// The documents in the order of their keys; those of one key stay in their order.
    fn sorted(&self) -> Vec<u32> {
        let head = |document: u32| {
            let key = self.key(document);
            let mut head = [0; 8];
            let length = key.len().min(head.len());
            head[..length].copy_from_slice(&key[..length]);
            u64::from_be_bytes(head)
        };
        // Most are told apart by their first bytes, without going to the keys.
        let mut sorted: Vec<(u64, u32)> = (0..self.ends.len() as u32)
            .map(|document| (head(document), document))
            .collect();
        sorted.sort_unstable_by(|(one_head, one), (other_head, other)| {
            one_head
                .cmp(other_head)
                .then_with(|| self.key(*one).cmp(self.key(*other)))
                .then(one.cmp(other))
        });
        sorted.into_iter().map(|(_, document)| document).collect()
    }
}

fn write_packed(numbers: impl Iterator<Item = u32>, bits: u32, out: &mut dyn Write) -> io::Result<()> {
    /// Bytes written at a time.
    const AT_ONCE: usize = 1 << 16;
    let mut bytes = Vec::with_capacity(AT_ONCE + 16);
    // At most seven bits are left over before the next number.
    let (mut left, mut held) = (0_u64, 0);
    for number in numbers {
        left |= u64::from(number) << held;
        held += bits;
        while held >= 8 {
            bytes.push(left as u8);
            left >>= 8;
            held -= 8;
        }
        if bytes.len() >= AT_ONCE {
            out.write_all(&bytes)?;
            bytes.clear();
        }
    }
    if held > 0 {
        bytes.push(left as u8);
    }
    bytes.extend([0; PADDING]);
    out.write_all(&bytes)
}
