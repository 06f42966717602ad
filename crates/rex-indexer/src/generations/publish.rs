//! Publishes generations: seals a build, makes it current by one rename, rolls back, and removes old ones.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::error::BuildError;
use crate::generations::corpus_digests::CorpusDigests;
use rex_index::generations::file_fingerprint::{Fingerprint, VerifiedFiles};
use rex_index::generations::generation::{Generation, IN_MEMORY};
use rex_index::generations::index_dir::IndexDir;
use rex_index::generations::manifest::Manifest;

/// Default number of generations to keep, the current one included: enough to roll back twice.
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
    /// Files and folders that a dead build may leave behind.
    const LEFTOVERS: [&'static str; 7] = [
        Self::BUILDING,
        Self::DELTA,
        Self::NEXT_POINTER,
        Self::NEXT_ROLLED_BACK,
        Self::REMOVING,
        VerifiedFiles::NEXT,
        CorpusDigests::NEXT,
    ];

    /// Publishes into a folder, which the first build creates.
    pub(crate) fn of(folder: &IndexDir) -> Self {
        Self { folder: folder.clone() }
    }

    /// Makes a generation current: the one named, else the newest intact one before the current one. Waits for a running build, and reports
    /// that through `notice`.
    ///
    /// The corpus of the generation rolled back from is recorded, so that an automatic build does not build it again: see
    /// [`AfterRollback`](crate::AfterRollback). Making a generation current by name removes its corpus from the record.
    ///
    /// # Errors
    /// An unknown or unusable generation, no older one, and a folder that cannot be written.
    pub(crate) fn rollback(&self, to: Option<&str>, notice: &dyn Fn(&str)) -> Result<Generation, BuildError> {
        let _lock = self.lock(notice)?;
        let current = self.folder.current_name();
        let target = match to {
            Some(name) => self.folder.open(name)?,
            None => self.newest_before(current.as_deref())?,
        };
        let mut rolled_back = self.folder.rolled_back();
        rolled_back.retain(|corpus| *corpus != target.manifest.corpus);
        let order = self.folder.build_order();
        let left = current.filter(|current| order.is_before(&target.name, current));
        let manifest = left.and_then(|name| Manifest::read(&self.folder.path().join(name)).ok());
        rolled_back.extend(manifest.map(|manifest| manifest.corpus));
        self.remember_rolled_back(&rolled_back)?;
        self.point_to(&target.name)?;
        Ok(target)
    }

    fn newest_before(&self, current: Option<&str>) -> Result<Generation, BuildError> {
        let order = self.folder.build_order();
        let older = order.names().into_iter().rev();
        // Without a pointer, the newest generation is served.
        let older: Vec<String> = match current {
            Some(current) => older.filter(|name| order.is_before(name, current)).collect(),
            None => older.skip(1).collect(),
        };
        let mut usable = older
            .iter()
            .filter_map(|name| Generation::open(self.folder.path(), name).ok());
        usable
            .next()
            .ok_or_else(|| BuildError::NothingOlder(self.folder.path().to_owned()))
    }

    fn remember_rolled_back(&self, corpora: &[String]) -> Result<(), BuildError> {
        /// As many as generations can be kept.
        const MAX_CORPORA: usize = 100;
        if corpora.is_empty() {
            return self.forget_rolled_back();
        }
        let text: String = corpora[corpora.len().saturating_sub(MAX_CORPORA)..]
            .iter()
            .map(|corpus| format!("{corpus}\n"))
            .collect();
        self.replace(IndexDir::ROLLED_BACK, Self::NEXT_ROLLED_BACK, text.as_bytes())
    }

    /// Clears the record of corpora rolled back from.
    pub(crate) fn forget_rolled_back(&self) -> Result<(), BuildError> {
        remove(&self.folder.path().join(IndexDir::ROLLED_BACK))
    }

    /// Creates the folder and takes its build lock, waiting for another process. The system releases the lock of a dead process.
    pub(crate) fn lock(&self, notice: &dyn Fn(&str)) -> Result<File, BuildError> {
        self.lock_unless_stopped(notice, &|| Ok(()))
    }

    /// Like [`lock`](Self::lock), until `check_stop` returns an error.
    pub(crate) fn lock_unless_stopped(
        &self,
        notice: &dyn Fn(&str),
        check_stop: &dyn Fn() -> Result<(), BuildError>,
    ) -> Result<File, BuildError> {
        /// Wait before the user is notified.
        const SILENT_WAIT: Duration = Duration::from_secs(1);
        const POLL_INTERVAL: Duration = Duration::from_millis(50);
        let lock = self.lock_file()?;
        let started = Instant::now();
        let mut was_noticed = false;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::Error(error)) => return Err(self.refused()(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            if !was_noticed && started.elapsed() >= SILENT_WAIT {
                was_noticed = true;
                let folder = self.folder.path().display();
                notice(&format!("another build in {folder} is under way; waiting for it"));
            }
            check_stop()?;
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// The lock, if it is free.
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

    /// Whether there are leftovers of a dead build, or more than `keep` generations.
    pub(crate) fn is_untidy(&self, keep: usize) -> bool {
        self.folder.names().len() > keep
            || Self::LEFTOVERS
                .iter()
                .any(|name| self.folder.path().join(name).exists())
    }

    /// Removes leftovers of dead builds. The caller holds the lock.
    pub(crate) fn tidy(&self) -> Result<(), BuildError> {
        Self::LEFTOVERS
            .iter()
            .try_for_each(|name| remove(&self.folder.path().join(name)))
    }

    /// Creates an empty folder for a build.
    pub(crate) fn start(&self) -> Result<PathBuf, BuildError> {
        self.create_folder(Self::BUILDING)
    }

    /// Creates an empty folder for the new records of an incremental build.
    pub(crate) fn start_delta(&self) -> Result<PathBuf, BuildError> {
        self.create_folder(Self::DELTA)
    }

    fn create_folder(&self, name: &str) -> Result<PathBuf, BuildError> {
        let path = self.folder.path().join(name);
        remove(&path)?;
        fs::create_dir(&path).map_err(BuildError::io("make", &path))?;
        Ok(path)
    }

    /// Completes a build: syncs its files and writes the manifest. It has no generation name yet.
    pub(crate) fn seal(&self, building: &Path, manifest: Manifest) -> Result<Sealed, BuildError> {
        // tantivy makes some files private to the user who indexes, but another user may serve them. A new file shows the default permissions.
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
        let fingerprints = fingerprints_in(building).map_err(BuildError::io("read", building))?;
        if fingerprints.values().map(|fingerprint| fingerprint.bytes).sum::<u64>() > IN_MEMORY {
            // After this wait the fingerprints can be trusted, so that opening a large index need not read all of it.
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
            fingerprints,
            digested,
        })
    }

    /// Gives a sealed build its name and makes it current. On failure, removes it.
    pub(crate) fn publish(&self, building: &Path, sealed: Sealed, name: &str) -> Result<Generation, BuildError> {
        let path = self.folder.path().join(name);
        fs::rename(building, &path).map_err(BuildError::io("rename", building))?;
        let published = sync_folder(self.folder.path()).and_then(|()| self.point_to(name));
        if published.is_err() && self.folder.current_name().as_deref() != Some(name) {
            // The first error matters more than one of tidying, which the next build retries.
            let _ = remove(&path);
        }
        published?;
        VerifiedFiles::remember(self.folder.path(), name, &sealed.fingerprints, sealed.digested);
        Ok(Generation::built_now(
            self.folder.path(),
            name,
            sealed.manifest,
            sealed.fingerprints,
        )?)
    }

    /// Makes a generation current by one rename.
    pub(crate) fn point_to(&self, name: &str) -> Result<(), BuildError> {
        self.replace(IndexDir::POINTER, Self::NEXT_POINTER, format!("{name}\n").as_bytes())
    }

    /// Writes a file atomically.
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

    /// Removes all but the newest `keep` generations and those in `spared`. Readers that have an old one open keep it until they close it.
    pub(crate) fn prune(&self, spared: &[&str], keep: usize) -> Result<(), BuildError> {
        let mut names = self.folder.names();
        let found = names.len();
        names.retain(|name| !spared.contains(&name.as_str()));
        let spared = found - names.len();
        let old = names.len().saturating_sub(keep.saturating_sub(spared));
        let removing = self.folder.path().join(Self::REMOVING);
        for name in &names[..old] {
            // Renamed first, so that a crash leaves no partial generation.
            let path = self.folder.path().join(name);
            remove(&removing)?;
            fs::rename(&path, &removing).map_err(BuildError::io("remove", &path))?;
            remove(&removing)?;
        }
        Ok(())
    }
}

/// A complete build with its manifest.
pub(crate) struct Sealed {
    pub(crate) manifest: Manifest,
    /// Fingerprints of its files, taken before their digests.
    pub(crate) fingerprints: BTreeMap<String, Fingerprint>,
    /// When computing the digests began.
    digested: SystemTime,
}

fn fingerprints_in(path: &Path) -> io::Result<BTreeMap<String, Fingerprint>> {
    let fingerprint_of = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        Ok((name, Fingerprint::of(&entry.metadata()?)))
    };
    fs::read_dir(path)?.map(|entry| fingerprint_of(entry?)).collect()
}

/// Removes a file or a folder, if it exists.
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

/// Makes renames and new files in a folder durable.
fn sync_folder(path: &Path) -> Result<(), BuildError> {
    // Windows cannot open folders as files, and does not need this.
    if cfg!(windows) {
        return Ok(());
    }
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(BuildError::io("sync", path))
}

/// Rolls back: makes the generation `to` current, else the newest intact one before the current one.
///
/// Waits for a running build, and reports that through `notice`. An automatic build does not build the corpus rolled back from again: see
/// [`AfterRollback`](crate::AfterRollback).
///
/// # Errors
/// An unknown or unusable generation, no older one, and a folder that cannot be written.
pub fn rollback(folder: &IndexDir, to: Option<&str>, notice: &dyn Fn(&str)) -> Result<Generation, BuildError> {
    Publisher::of(folder).rollback(to, notice)
}
