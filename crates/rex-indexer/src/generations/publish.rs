//! Publishes generations: seals what was built, makes it current by one rename, goes back, and removes old ones.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::error::BuildError;
use crate::generations::corpus_digests::CorpusDigests;
use rex_index::generations::file_fingerprint::{Fingerprint, VerifiedFiles};
use rex_index::generations::generation::{Generation, IN_MEMORY};
use rex_index::generations::index_dir::IndexDir;
use rex_index::generations::manifest::Manifest;

/// Generations kept unless another number is asked for, the current one among them: enough for one step back and one more.
pub const KEPT_GENERATIONS: usize = 3;

/// The writing side of an index folder.
#[derive(Debug, Clone)]
pub(crate) struct Publisher {
    folder: IndexDir,
}

impl Publisher {
    const NEXT_POINTER: &'static str = ".current.next";
    const LOCK: &'static str = ".lock";
    const BUILDING: &'static str = ".building";
    const DELTA: &'static str = ".delta";
    const NEXT_ROLLED_BACK: &'static str = ".rolled-back.next";
    const REMOVING: &'static str = ".removing";
    /// What a build that died may leave behind, files and folders.
    const LEFTOVERS: [&'static str; 7] = [
        Self::BUILDING,
        Self::DELTA,
        Self::NEXT_POINTER,
        Self::NEXT_ROLLED_BACK,
        Self::REMOVING,
        VerifiedFiles::NEXT,
        CorpusDigests::NEXT,
    ];

    /// Publishes into a folder, which is made when something is written to it.
    pub(crate) fn of(folder: &IndexDir) -> Self {
        Self { folder: folder.clone() }
    }

    /// Makes an older generation current: the one named or, where none is, the newest good one before the current one.
    /// Waits for a build under way, and says so through `notice`.
    ///
    /// The corpus it goes back from is remembered: a build that nobody asked for leaves it alone, see
    /// [`BuildOptions`](rex_index::BuildOptions). Going forward to a generation by its name forgets it.
    ///
    /// # Errors
    /// No such generation, one that cannot be used, no older one, and a folder that cannot be written.
    pub(crate) fn rollback(&self, to: Option<&str>, notice: &dyn Fn(&str)) -> Result<Generation, BuildError> {
        let _lock = self.lock(notice)?;
        let current = self.folder.current_name();
        let target = match to {
            Some(name) => self.folder.open(name)?,
            None => self.newest_before(current.as_deref())?,
        };
        let mut left = self.folder.rolled_back();
        left.retain(|corpus| *corpus != target.manifest.corpus);
        let goes_back_from = current.filter(|current| target.name < *current);
        let manifest = goes_back_from.and_then(|name| Manifest::read(&self.folder.path().join(name)).ok());
        left.extend(manifest.map(|manifest| manifest.corpus));
        self.remember_rolled_back(&left)?;
        self.point_to(&target.name)?;
        Ok(target)
    }

    fn newest_before(&self, current: Option<&str>) -> Result<Generation, BuildError> {
        let older = self.folder.names().into_iter().rev();
        // Without a pointer, the newest is what is served, and one goes back from it.
        let older: Vec<String> = match current {
            Some(current) => older.filter(|name| name.as_str() < current).collect(),
            None => older.skip(1).collect(),
        };
        let mut good = older
            .iter()
            .filter_map(|name| Generation::open(self.folder.path(), name).ok());
        good.next()
            .ok_or_else(|| BuildError::NothingOlder(self.folder.path().to_owned()))
    }

    fn remember_rolled_back(&self, left: &[String]) -> Result<(), BuildError> {
        /// As many generations are kept at the most.
        const MOST: usize = 100;
        if left.is_empty() {
            return self.forget_rolled_back();
        }
        let text: String = left[left.len().saturating_sub(MOST)..]
            .iter()
            .map(|corpus| format!("{corpus}\n"))
            .collect();
        self.replace(IndexDir::ROLLED_BACK, Self::NEXT_ROLLED_BACK, text.as_bytes())
    }

    pub(crate) fn forget_rolled_back(&self) -> Result<(), BuildError> {
        remove(&self.folder.path().join(IndexDir::ROLLED_BACK))
    }

    /// Makes the folder and waits until no other process builds in it. The system takes the lock of a process that dies.
    pub(crate) fn lock(&self, notice: &dyn Fn(&str)) -> Result<File, BuildError> {
        const PATIENCE: Duration = Duration::from_secs(1);
        const TURN: Duration = Duration::from_millis(50);
        let lock = self.lock_file()?;
        let started = SystemTime::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::Error(error)) => return Err(self.refused()(error)),
                Err(TryLockError::WouldBlock) if started.elapsed().is_ok_and(|waited| waited < PATIENCE) => {
                    thread::sleep(TURN);
                }
                Err(TryLockError::WouldBlock) => break,
            }
        }
        notice(&format!(
            "another build in {} is under way; waiting for it",
            self.folder.path().display()
        ));
        lock.lock().map_err(self.refused())?;
        Ok(lock)
    }

    /// The lock, where it is free.
    pub(crate) fn lock_at_once(&self) -> Option<File> {
        let lock = self.lock_file().ok()?;
        lock.try_lock().ok().map(|()| lock)
    }

    fn lock_file(&self) -> Result<File, BuildError> {
        fs::create_dir_all(self.folder.path()).map_err(self.refused())?;
        File::create(self.folder.path().join(Self::LOCK)).map_err(self.refused())
    }

    fn refused(&self) -> impl Fn(io::Error) -> BuildError {
        |source| BuildError::Folder {
            path: self.folder.path().to_owned(),
            source,
        }
    }

    /// Whether a build that died left something, or more generations than are kept lie here.
    pub(crate) fn is_untidy(&self, keep: usize) -> bool {
        self.folder.names().len() > keep
            || Self::LEFTOVERS
                .iter()
                .any(|name| self.folder.path().join(name).exists())
    }

    /// Removes what builds that died left behind; the lock is held.
    pub(crate) fn tidy(&self) -> Result<(), BuildError> {
        Self::LEFTOVERS
            .iter()
            .try_for_each(|name| remove(&self.folder.path().join(name)))
    }

    /// An empty folder to build in.
    pub(crate) fn start(&self) -> Result<PathBuf, BuildError> {
        self.make(Self::BUILDING)
    }

    /// An empty folder for what is new in an update.
    pub(crate) fn start_delta(&self) -> Result<PathBuf, BuildError> {
        self.make(Self::DELTA)
    }

    fn make(&self, name: &str) -> Result<PathBuf, BuildError> {
        let path = self.folder.path().join(name);
        remove(&path)?;
        fs::create_dir(&path).map_err(BuildError::io("make", &path))?;
        Ok(path)
    }

    /// Makes what was built a generation: its files synced and described, then the folder named. It is not current yet.
    pub(crate) fn seal(&self, building: &Path, manifest: Manifest) -> Result<Sealed, BuildError> {
        // The engine makes some of its files private to the user who indexes; another may serve them.
        let path = building.join(Manifest::DIGEST_FILE);
        let permissions = File::create(&path)
            .and_then(|file| file.metadata())
            .map_err(BuildError::io("write", &path))?
            .permissions();
        remove(&path)?;
        for entry in fs::read_dir(building).map_err(BuildError::io("read", building))? {
            let path = entry.map_err(BuildError::io("read", building))?.path();
            let sync = |file: File| file.set_permissions(permissions.clone()).and_then(|()| file.sync_all());
            File::open(&path)
                .and_then(sync)
                .map_err(BuildError::io("sync", &path))?;
        }
        let stamps = stamps_in(building).map_err(BuildError::io("read", building))?;
        if stamps.values().map(|stamp| stamp.bytes).sum::<u64>() > IN_MEMORY {
            // So that whoever opens it need not read it all once more.
            thread::sleep(2 * Fingerprint::TICK);
        }
        let digested = SystemTime::now();
        let manifest = manifest.describe(building).map_err(BuildError::io("read", building))?;
        let (json, digest) = manifest
            .encode()
            .map_err(|error| BuildError::io("write", building)(error.into()))?;
        for (name, bytes) in [
            (Manifest::FILE, json.as_slice()),
            (Manifest::DIGEST_FILE, digest.as_bytes()),
        ] {
            let path = building.join(name);
            write_synced(&path, bytes).map_err(BuildError::io("write", &path))?;
        }
        sync_folder(building)?;
        Ok(Sealed {
            manifest,
            stamps,
            digested,
        })
    }

    /// Names what was sealed and makes it current. Where that fails, nothing of it is left.
    pub(crate) fn publish(&self, building: &Path, sealed: Sealed, name: &str) -> Result<Generation, BuildError> {
        let path = self.folder.path().join(name);
        fs::rename(building, &path).map_err(BuildError::io("rename", building))?;
        let published = sync_folder(self.folder.path()).and_then(|()| self.point_to(name));
        if published.is_err() && self.folder.current_name().as_deref() != Some(name) {
            // What went wrong is worth more than what could not be tidied; the next build tidies again.
            let _ = remove(&path);
        }
        published?;
        VerifiedFiles::remember(self.folder.path(), name, &sealed.stamps, sealed.digested);
        Ok(Generation::built_now(
            self.folder.path(),
            name,
            sealed.manifest,
            sealed.stamps,
        )?)
    }

    /// Makes a generation current, by one rename.
    pub(crate) fn point_to(&self, name: &str) -> Result<(), BuildError> {
        self.replace(IndexDir::POINTER, Self::NEXT_POINTER, format!("{name}\n").as_bytes())
    }

    /// Writes a file whole or not at all.
    fn replace(&self, name: &str, next: &str, bytes: &[u8]) -> Result<(), BuildError> {
        let (path, next) = (self.folder.path().join(name), self.folder.path().join(next));
        let replaced = write_synced(&next, bytes)
            .and_then(|()| fs::rename(&next, &path))
            .map_err(BuildError::io("write", &path));
        if replaced.is_err() {
            let _ = remove(&next);
        }
        replaced?;
        sync_folder(self.folder.path())
    }

    /// Removes all but the newest generations, and those named; readers that have an old one open keep it until they close it.
    pub(crate) fn prune(&self, spared: &[&str], keep: usize) -> Result<(), BuildError> {
        let mut names = self.folder.names();
        let found = names.len();
        names.retain(|name| !spared.contains(&name.as_str()));
        let spared = found - names.len();
        let old = names.len().saturating_sub(keep.saturating_sub(spared));
        let removing = self.folder.path().join(Self::REMOVING);
        for name in &names[..old] {
            // By one rename, so that a crash leaves no generation in part.
            let path = self.folder.path().join(name);
            remove(&removing)?;
            fs::rename(&path, &removing).map_err(BuildError::io("remove", &path))?;
            remove(&removing)?;
        }
        Ok(())
    }
}

/// What a build made, described and synced.
pub(crate) struct Sealed {
    pub(crate) manifest: Manifest,
    /// Its files as they were when they were described.
    pub(crate) stamps: BTreeMap<String, Fingerprint>,
    /// When that began.
    digested: SystemTime,
}

fn stamps_in(path: &Path) -> io::Result<BTreeMap<String, Fingerprint>> {
    let stamped = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        Ok((name, Fingerprint::of(&entry.metadata()?)))
    };
    fs::read_dir(path)?.map(|entry| stamped(entry?)).collect()
}

/// Removes a file or a folder, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), BuildError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BuildError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes renames and new files in a folder last through a power cut.
fn sync_folder(path: &Path) -> Result<(), BuildError> {
    // Windows does not open folders as files, and needs no such call.
    if cfg!(windows) {
        return Ok(());
    }
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(BuildError::io("sync", path))
}

/// Makes an older generation of a folder current: see [`Publisher::rollback`].
///
/// # Errors
/// Those of [`Publisher::rollback`].
pub fn rollback(folder: &IndexDir, to: Option<&str>, notice: &dyn Fn(&str)) -> Result<Generation, BuildError> {
    Publisher::of(folder).rollback(to, notice)
}
