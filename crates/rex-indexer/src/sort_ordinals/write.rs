//! Writes the file `ranks`. All integers are little-endian.
//!
//! ```text
//! magic, version, documents n, bits of an ordinal b   header
//! checksum                                            CRC-32 of the header
//! n id ordinals                                       by document
//! n title ordinals                                    by document; titles that sort alike share one
//! n documents                                         by id ordinal
//! ```
//!
//! Each array is bit-packed, b bits each, the lowest first, and followed by eight zero bytes so that every entry can be read as eight bytes.

use std::io::{self, Write};

use rex_analysis::{Analyzer, Rule};
use tantivy::{SegmentReader, TantivyError};

use crate::build::external_sort::ExternalSorter;
use crate::build::temp_file::TempFiles;
use crate::codec::bitpack::BitWriter;
use rex_index::doc_store::RecordDecoder;
use rex_index::sort_ordinals::layout::{MAGIC, PADDING, VERSION, bits};

/// Writes the ordinals of the documents of some segments, numbered across segments.
///
/// Allocates eight bytes per document besides the memory for sorting.
///
/// # Errors
/// Segments that cannot be read, a directory that cannot be written, and errors of the writer.
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
        push_title_key(title, &mut key);
        titles.add(&key)
    })?;
    let mut by_id = Vec::with_capacity(count);
    let mut ordinals = vec![0; count];
    ids.finish(|document, _| {
        ordinals[document as usize] = by_id.len() as u32;
        by_id.push(document);
        Ok(())
    })?;
    write_packed(ordinals.iter().copied(), bits, out)?;
    let (mut visited, mut ordinal) = (0, 0);
    titles.finish(|document, is_same| {
        if !is_same {
            ordinal = visited;
        }
        ordinals[document as usize] = ordinal;
        visited += 1;
        Ok(())
    })?;
    write_packed(ordinals.into_iter(), bits, out)?;
    write_packed(by_id.into_iter(), bits, out)?;
    Ok(())
}

/// Appends the sort key of a title in dictionary order: folded words without elided articles.
fn push_title_key(title: &str, key: &mut Vec<u8>) {
    let words = Analyzer::default().without(Rule::Stemming).analyze(title);
    for (position, word) in words.iter().enumerate() {
        if position > 0 {
            key.push(b' ');
        }
        key.extend(word.exact.as_bytes());
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
