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
use tantivy::{SegmentReader, TantivyError};

use crate::build::external_sort::ExternalSorter;
use crate::build::temp_file::TempFiles;
use crate::codec::bitpack::BitWriter;
use rex_index::doc_store::RecordDecoder;
use rex_index::sort_ordinals::layout::{MAGIC, PADDING, VERSION, bits};

/// Writes the ranks of the documents of some segments, numbered one segment after the other.
///
/// Takes eight bytes of memory for each document, besides those in which ids and titles are sorted.
///
/// # Errors
/// Segments that cannot be read; a directory that cannot be written; what the writer says.
pub(crate) fn write(
    segments: &[SegmentReader],
    records: &RecordDecoder,
    temp_files: TempFiles<'_>,
    out: &mut dyn Write,
) -> tantivy::Result<()> {
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
    // A title is about twice as long as an id.
    let memory = temp_files.memory.of_keys();
    let mut ids = ExternalSorter::new(temp_files, "ids", memory / 3);
    let mut titles = ExternalSorter::new(temp_files, "titles", memory - memory / 3);
    let mut key = Vec::new();
    let mut count = 0;
    records.each_title(segments, |id, title| {
        count += 1;
        ids.add(id.as_bytes())?;
        key.clear();
        add_title_key(title, &mut key);
        titles.add(&key)
    })?;
    let mut by_id = Vec::with_capacity(count);
    let mut ranks = vec![0; count];
    ids.finish(|document, _| {
        ranks[document as usize] = by_id.len() as u32;
        by_id.push(document);
        Ok(())
    })?;
    write_packed(ranks.iter().copied(), bits, out)?;
    let (mut place, mut rank) = (0, 0);
    titles.finish(|document, is_same| {
        if !is_same {
            rank = place;
        }
        ranks[document as usize] = rank;
        place += 1;
        Ok(())
    })?;
    write_packed(ranks.into_iter(), bits, out)?;
    write_packed(by_id.into_iter(), bits, out)?;
    Ok(())
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

fn write_packed(numbers: impl Iterator<Item = u32>, bits: u32, out: &mut dyn Write) -> io::Result<()> {
    /// Bytes written at a time.
    const AT_ONCE: usize = 1 << 16;
    let mut bytes = Vec::with_capacity(AT_ONCE + 16);
    let mut writer = BitWriter::default();
    for number in numbers {
        writer.add(number, bits, &mut bytes);
        if bytes.len() >= AT_ONCE {
            out.write_all(&bytes)?;
            bytes.clear();
        }
    }
    writer.finish(&mut bytes);
    bytes.extend([0; PADDING]);
    out.write_all(&bytes)
}
