//! A tantivy directory that cannot be written.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};

/// Files by name, in memory.
pub type Files = BTreeMap<PathBuf, OwnedBytes>;

/// The directory of a generation. A generation never changes, so nothing is locked, watched or written: its files may belong to another
/// user, be on a read-only disk, or be handed in as bytes.
#[derive(Debug, Clone)]
pub enum ReadOnlyDirectory {
    /// Files in memory.
    Memory(Arc<Files>),
    /// Files read through another directory, such as a mapped folder.
    Elsewhere(Box<dyn Directory>),
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a generation is never changed")
}

fn missing(path: &Path) -> OpenReadError {
    OpenReadError::FileDoesNotExist(path.to_owned())
}

impl Directory for ReadOnlyDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        match self {
            Self::Memory(files) => match files.get(path) {
                Some(bytes) => Ok(Arc::new(bytes.clone())),
                None => Err(missing(path)),
            },
            Self::Elsewhere(directory) => directory.get_file_handle(path),
        }
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        match self {
            Self::Memory(files) => Ok(files.contains_key(path)),
            Self::Elsewhere(directory) => directory.exists(path),
        }
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        match self {
            Self::Memory(files) => files.get(path).map(|bytes| bytes.to_vec()).ok_or_else(|| missing(path)),
            Self::Elsewhere(directory) => directory.atomic_read(path),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError {
            io_error: Arc::new(refused()),
            filepath: path.to_owned(),
        })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refused(), path.to_owned()))
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
