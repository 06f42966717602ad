use std::io::Write;
use std::path::Path;

use rex_index::doc_store::RecordDecoder;
use rex_index::{facet_columns, sort_ordinals};
use tantivy::directory::{Directory, TerminatingWrite};
use tantivy::{SegmentReader, TantivyError};

use crate::build::memory_budget::MemoryBudget;
use crate::build::temp_file::TempFiles;
use crate::error::BuildError;

/// Writes the sort ordinals and the facet columns of the documents of some segments, one segment after the other.
///
/// The two files are written in turn, so that they share the memory that is free at the end of a build.
///
/// # Errors
/// Segments that cannot be read, and a directory that cannot be written.
pub(crate) fn write_side_files(
    directory: &dyn Directory,
    segments: &[SegmentReader],
    memory: MemoryBudget,
) -> Result<(), BuildError> {
    let records = RecordDecoder::open(directory)?;
    let temp_files = TempFiles::new(directory, memory);
    write_file(directory, sort_ordinals::FILE, |out| {
        crate::sort_ordinals::write::write(segments, &records, temp_files, out)
    })?;
    write_file(directory, facet_columns::FILE, |out| {
        crate::facet_columns::write::write(segments, &records, temp_files, out)
    })
}

fn write_file(
    directory: &dyn Directory,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> tantivy::Result<()>,
) -> Result<(), BuildError> {
    let path = Path::new(name);
    let mut file = directory.open_write(path).map_err(TantivyError::from)?;
    write(&mut file)?;
    file.terminate().map_err(BuildError::io("write", path))
}
