//! Temporary files in the directory of an index, for data beyond the memory budget while a side file is written.

use std::io::Write;
use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::{Directory, OwnedBytes, TerminatingWrite, WritePtr};

use crate::build::memory_budget::MemoryBudget;

/// Creates temporary files in a directory; also carries the memory budget beyond which they are used.
#[derive(Clone, Copy)]
pub(crate) struct TempFiles<'a> {
    directory: &'a dyn Directory,
    pub(crate) memory: MemoryBudget,
}

impl<'a> TempFiles<'a> {
    pub(crate) const fn new(directory: &'a dyn Directory, memory: MemoryBudget) -> Self {
        Self { directory, memory }
    }

    /// Creates a file.
    ///
    /// # Errors
    /// A directory that cannot be written or already has a file of this name.
    pub(crate) fn file(&self, name: &str) -> tantivy::Result<TempFile<'a>> {
        let path = PathBuf::from(format!(".{name}.scratch"));
        Ok(TempFile {
            directory: self.directory,
            out: self.directory.open_write(&path)?,
            path,
        })
    }
}

/// A temporary file open for writing.
pub(crate) struct TempFile<'a> {
    directory: &'a dyn Directory,
    out: WritePtr,
    path: PathBuf,
}

/// A complete temporary file. The user must [`remove`](Self::remove) it; after a failed build, the whole folder is removed.
pub(crate) struct WrittenTempFile<'a> {
    directory: &'a dyn Directory,
    /// The contents, mapped where the directory is on disk.
    pub(crate) bytes: OwnedBytes,
    path: PathBuf,
}

impl<'a> TempFile<'a> {
    /// Appends bytes.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> tantivy::Result<()> {
        Ok(self.out.write_all(bytes)?)
    }

    /// Ends writing and opens the file for reading.
    ///
    /// # Errors
    /// A directory that cannot be written, or read.
    pub(crate) fn read(self) -> tantivy::Result<WrittenTempFile<'a>> {
        self.out.terminate()?;
        Ok(WrittenTempFile {
            directory: self.directory,
            bytes: self.directory.open_read(&self.path)?.read_bytes()?,
            path: self.path,
        })
    }
}

impl WrittenTempFile<'_> {
    /// Removes the file.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub(crate) fn remove(self) -> tantivy::Result<()> {
        drop(self.bytes);
        self.directory
            .delete(&self.path)
            .map_err(|error| TantivyError::InternalError(format!("a temporary file cannot be removed: {error}")))
    }
}
