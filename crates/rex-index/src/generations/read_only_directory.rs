use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

use crate::generations::generation::Contents;

/// A generation to read: nothing in it changes any more, so nothing is locked, watched or written. It may belong to
/// another user, or lie on a disk that cannot be written.
#[derive(Debug, Clone)]
pub enum FrozenDirectory {
    /// Files read already.
    Memory(Arc<Contents>),
    /// Files read where they lie.
    Mapped(MmapDirectory),
}

impl FrozenDirectory {
    pub fn open(path: &Path) -> tantivy::Result<Self> {
        Ok(Self::Mapped(MmapDirectory::open(path)?))
    }

    pub const fn of(contents: Arc<Contents>) -> Self {
        Self::Memory(contents)
    }
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a generation is never changed")
}

fn missing(path: &Path) -> OpenReadError {
    OpenReadError::FileDoesNotExist(path.to_owned())
}

impl Directory for FrozenDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        match self {
            Self::Memory(files) => match files.get(path) {
                Some(bytes) => Ok(Arc::new(bytes.clone())),
                None => Err(missing(path)),
            },
            Self::Mapped(directory) => directory.get_file_handle(path),
        }
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        match self {
            Self::Memory(files) => Ok(files.contains_key(path)),
            Self::Mapped(directory) => directory.exists(path),
        }
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        match self {
            Self::Memory(files) => files.get(path).map(|bytes| bytes.to_vec()).ok_or_else(|| missing(path)),
            Self::Mapped(directory) => directory.atomic_read(path),
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
