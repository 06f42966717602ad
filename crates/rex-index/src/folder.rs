use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tantivy::directory::Directory;

use crate::error::IndexError;
use crate::frozen::FrozenDirectory;
use crate::manifest::Manifest;

/// Generations kept, the current one among them: enough for one step back and one more.
const KEPT: usize = 3;

/// The folder that holds the generations and the pointer to the current one.
#[derive(Debug, Clone)]
pub struct IndexFolder {
    path: PathBuf,
}

/// One complete index on disk, known to be readable by this build of Rex.
#[derive(Debug, Clone)]
pub struct Generation {
    /// `g-<time>-<hash>`.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
}

impl Generation {
    /// The directory tantivy reads it from; nothing in it is ever written.
    ///
    /// # Errors
    /// A folder that is gone.
    pub fn directory(&self) -> Result<Box<dyn Directory>, IndexError> {
        Ok(Box::new(FrozenDirectory::open(&self.path)?))
    }
}

impl IndexFolder {
    const POINTER: &'static str = "current";
    const LOCK: &'static str = ".lock";
    const BUILDING: &'static str = ".building";

    /// Names a folder; it is made when something is written to it.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The generation to serve: the one the pointer names, or the newest good one where that is damaged.
    ///
    /// The sentences say what was passed over and why. `None` when nothing can be served.
    pub fn usable(&self) -> (Option<Generation>, Vec<String>) {
        let mut passed_over = Vec::new();
        let mut names: Vec<String> = self.pointer().into_iter().collect();
        for name in self.names().into_iter().rev() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for name in names {
            match self.open(&name) {
                Ok(generation) => return (Some(generation), passed_over),
                Err(error) => passed_over.push(error.to_string()),
            }
        }
        (None, passed_over)
    }

    /// The generation the pointer names; none where nothing was built yet.
    ///
    /// # Errors
    /// A generation that is damaged, or that this build of Rex does not read.
    pub fn current(&self) -> Result<Option<Generation>, IndexError> {
        self.pointer().map(|name| self.open(&name)).transpose()
    }

    fn pointer(&self) -> Option<String> {
        let name = fs::read_to_string(self.path.join(Self::POINTER)).ok()?;
        is_generation_name(name.trim()).then(|| name.trim().to_owned())
    }

    fn open(&self, name: &str) -> Result<Generation, IndexError> {
        let path = self.path.join(name);
        let unusable = |reason: String| IndexError::Unusable {
            name: name.to_owned(),
            reason,
        };
        let bytes = fs::read(path.join(Manifest::FILE))
            .map_err(|error| unusable(format!("its manifest cannot be read ({error})")))?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| unusable(format!("its manifest is damaged ({error})")))?;
        if let Some(reason) = manifest.mismatch().or_else(|| manifest.damage(&path)) {
            return Err(unusable(reason));
        }
        Ok(Generation {
            name: name.to_owned(),
            path,
            manifest,
        })
    }

    /// The names of all generations, oldest first: their names begin with the time they were built.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| is_generation_name(name))
            .collect();
        names.sort();
        names
    }

    /// Makes the folder and waits until no other process builds in it.
    pub(crate) fn lock(&self) -> Result<File, IndexError> {
        let refused = |source| IndexError::Folder {
            path: self.path.clone(),
            source,
        };
        fs::create_dir_all(&self.path).map_err(refused)?;
        let lock = File::create(self.path.join(Self::LOCK)).map_err(refused)?;
        lock.lock().map_err(refused)?;
        Ok(lock)
    }

    /// An empty folder to build in; what a dead build left there goes.
    pub(crate) fn start(&self) -> Result<PathBuf, IndexError> {
        let path = self.path.join(Self::BUILDING);
        remove_folder(&path)?;
        fs::create_dir(&path).map_err(IndexError::io("make", &path))?;
        Ok(path)
    }

    /// Makes what was built the current generation: every file synced, then the folder, then the pointer.
    pub(crate) fn publish(&self, building: &Path, manifest: Manifest, name: String) -> Result<Generation, IndexError> {
        let json = serde_json::to_vec_pretty(&manifest).map_err(io::Error::other);
        let path = building.join(Manifest::FILE);
        json.and_then(|json| write_synced(&path, &json))
            .map_err(IndexError::io("write", &path))?;
        // The engine makes some of its files private to the user who indexes; another may serve them.
        let permissions = fs::metadata(&path)
            .map_err(IndexError::io("read", &path))?
            .permissions();
        for file in manifest.files.keys() {
            let path = building.join(file);
            let sync = |file: File| file.set_permissions(permissions.clone()).and_then(|()| file.sync_all());
            File::open(&path)
                .and_then(sync)
                .map_err(IndexError::io("sync", &path))?;
        }
        sync_folder(building)?;

        let path = self.path.join(&name);
        fs::rename(building, &path).map_err(IndexError::io("rename", building))?;
        sync_folder(&self.path)?;

        let pointer = self.path.join(Self::POINTER);
        let next = self.path.join(".current.next");
        write_synced(&next, format!("{name}\n").as_bytes()).map_err(IndexError::io("write", &next))?;
        fs::rename(&next, &pointer).map_err(IndexError::io("write", &pointer))?;
        sync_folder(&self.path)?;
        Ok(Generation { name, path, manifest })
    }

    /// Removes all but the newest generations; readers that have an old one open keep it until they close it.
    pub(crate) fn prune(&self, current: &str) -> Result<(), IndexError> {
        let names = self.names();
        let old = names.len().saturating_sub(KEPT);
        for name in names[..old].iter().filter(|name| *name != current) {
            remove_folder(&self.path.join(name))?;
        }
        Ok(())
    }
}

fn is_generation_name(name: &str) -> bool {
    name.starts_with("g-") && name.len() < 100 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

pub(crate) fn remove_folder(path: &Path) -> Result<(), IndexError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(IndexError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes renames and new files in a folder last through a power cut.
fn sync_folder(path: &Path) -> Result<(), IndexError> {
    // Windows does not open folders as files, and needs no such call.
    if cfg!(windows) {
        return Ok(());
    }
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(IndexError::io("sync", path))
}
