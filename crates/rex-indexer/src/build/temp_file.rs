//! Files of a directory that last no longer than the writing of another: what has no room in memory goes there.

use std::io::Write;
use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::{Directory, OwnedBytes, TerminatingWrite, WritePtr};

use crate::build::memory_budget::MemoryBudget;

/// Where files for a while are made, and how much memory may be taken before one is.
#[derive(Clone, Copy)]
pub(crate) struct TempFiles<'a> {
    directory: &'a dyn Directory,
    pub(crate) memory: MemoryBudget,
}

impl<'a> TempFiles<'a> {
    pub(crate) const fn new(directory: &'a dyn Directory, memory: MemoryBudget) -> Self {
        Self { directory, memory }
    }

    /// An empty file.
    ///
    /// # Errors
    /// A directory that cannot be written, or that has a file of this name.
    pub(crate) fn file(&self, name: &str) -> tantivy::Result<TempFile<'a>> {
        let path = PathBuf::from(format!(".{name}.scratch"));
        Ok(TempFile {
            directory: self.directory,
            out: self.directory.open_write(&path)?,
            path,
        })
    }
}

/// A file that is written.
pub(crate) struct TempFile<'a> {
    directory: &'a dyn Directory,
    out: WritePtr,
    path: PathBuf,
}

/// A file that was written. Whoever is done with it removes it: a build that fails or dies loses all of its folder.
pub(crate) struct WrittenTempFile<'a> {
    directory: &'a dyn Directory,
    /// Where it lies: pages that the system takes back when it needs them.
    pub(crate) bytes: OwnedBytes,
    path: PathBuf,
}

impl<'a> TempFile<'a> {
    /// Adds some bytes.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> tantivy::Result<()> {
        Ok(self.out.write_all(bytes)?)
    }

    /// All that was written.
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
            .map_err(|error| TantivyError::InternalError(format!("a file for a while cannot be removed: {error}")))
    }
}
