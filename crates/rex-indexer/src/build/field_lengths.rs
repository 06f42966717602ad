//! Counts the field lengths of single records, and writes the file `lengths`.

use std::path::Path;

use rex_corpus::{CpvLabels, Record};
use tantivy::Index;
use tantivy::directory::{Directory, RamDirectory};

use crate::build::document_writer::DocumentWriter;
use crate::build::memory_budget::MemoryBudget;
use crate::build::searcher::searcher;
use crate::error::BuildError;
use rex_index::codec::field_lengths::FieldLengths;

/// The field lengths of records, by indexing them again.
///
/// # Errors
/// Records that cannot be read.
pub(crate) fn lengths_of_records(
    records: impl Iterator<Item = Result<Record, BuildError>>,
    labels: &CpvLabels,
    memory: MemoryBudget,
) -> Result<FieldLengths, BuildError> {
    /// Records indexed in memory at a time.
    const AT_ONCE: usize = 1_000;
    let mut lengths = FieldLengths::default();
    let mut records = records.peekable();
    while records.peek().is_some() {
        let writer = DocumentWriter::create(RamDirectory::create().into(), labels.clone(), memory)?;
        for record in records.by_ref().take(AT_ONCE) {
            writer.add(&record?, None)?;
        }
        let index = writer.finish()?;
        lengths.add(&FieldLengths::counted(searcher(&index)?.segment_readers())?);
    }
    Ok(lengths)
}

/// Writes the file `lengths` of an index.
///
/// # Errors
/// A directory that cannot be written.
pub(crate) fn write_lengths(
    lengths: &FieldLengths,
    index: &Index,
    directory: &dyn Directory,
) -> Result<(), BuildError> {
    let path = Path::new(FieldLengths::FILE);
    serde_json::to_vec(&lengths.by_name(&index.schema()))
        .map_err(Into::into)
        .and_then(|json| directory.atomic_write(path, &json))
        .map_err(BuildError::io("write", path))
}
