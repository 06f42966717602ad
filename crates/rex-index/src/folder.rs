use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;

use crate::error::IndexError;
use crate::generation::{Generation, IN_MEMORY, built, is_generation_name};
use crate::manifest::Manifest;
use crate::stamp::{DigestedFiles, Stamp, VerifiedFiles};

/// Generations kept unless another number is asked for, the current one among them: enough for one step back and one more.
pub const KEPT_GENERATIONS: usize = 3;

/// The folder that holds the generations and the pointer to the current one.
#[derive(Debug, Clone)]
pub struct IndexFolder {
    path: PathBuf,
}

/// A generation as it is listed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Whether the pointer names it.
    pub is_current: bool,
    /// When it was built.
    pub built: Option<OffsetDateTime>,
    /// Bytes of its files on disk.
    pub bytes: u64,
    /// How many records it holds or, where it cannot be used, why.
    pub cases: Result<u64, String>,
}

/// What became of the digests of a generation.
#[derive(Debug)]
pub struct Verified {
    /// Its name.
    pub name: String,
    /// How many files are intact or, where one is not, what is wrong with it.
    pub files: Result<usize, String>,
}

/// What the pointer says.
enum Pointer {
    Absent,
    Garbled,
    Names(String),
}

impl IndexFolder {
    const POINTER: &'static str = "current";
    const NEXT_POINTER: &'static str = ".current.next";
    const LOCK: &'static str = ".lock";
    const BUILDING: &'static str = ".building";
    const DELTA: &'static str = ".delta";
    const ROLLED_BACK: &'static str = ".rolled-back";
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
        DigestedFiles::NEXT,
    ];

    /// Names a folder; it is made when something is written to it.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the pointer names, whether or not it can be used: one small file is read.
    pub fn current_name(&self) -> Option<String> {
        match self.pointer() {
            Pointer::Names(name) => Some(name),
            Pointer::Absent | Pointer::Garbled => None,
        }
    }

    /// The generation to serve: the one the pointer names or, where that is damaged, the newest good one before it, else
    /// after it; the newest good one where the pointer names none.
    ///
    /// The sentences say what was passed over and why. `None` when nothing can be served.
    pub fn usable(&self) -> (Option<Generation>, Vec<String>) {
        let mut passed_over = Vec::new();
        let names = self.names();
        let candidates = match self.pointer() {
            Pointer::Names(current) => in_order_of_trust(current, names),
            pointer => {
                if matches!(pointer, Pointer::Garbled) || !names.is_empty() {
                    passed_over.push(IndexError::Pointer(self.path.join(Self::POINTER)).to_string());
                }
                let (back, good): (Vec<_>, Vec<_>) =
                    names.into_iter().rev().partition(|name| self.was_rolled_back(name));
                good.into_iter().chain(back).collect()
            }
        };
        for name in candidates {
            match Generation::open(&self.path, &name) {
                Ok(generation) => return (Some(generation), passed_over),
                Err(error) => passed_over.push(error.to_string()),
            }
        }
        (None, passed_over)
    }

    /// The generation the pointer names; none where nothing was built yet.
    ///
    /// # Errors
    /// A pointer that names none, and a generation that is damaged, or that this build of Rex does not read.
    pub fn current(&self) -> Result<Option<Generation>, IndexError> {
        match self.pointer() {
            Pointer::Absent => Ok(None),
            Pointer::Garbled => Err(IndexError::Pointer(self.path.join(Self::POINTER))),
            Pointer::Names(name) => Generation::open(&self.path, &name).map(Some),
        }
    }

    /// Opens a generation by its name.
    ///
    /// # Errors
    /// A name that no generation has, and a generation that cannot be used.
    pub fn open(&self, name: &str) -> Result<Generation, IndexError> {
        if !is_generation_name(name) || !self.path.join(name).is_dir() {
            return Err(IndexError::NoGeneration {
                name: name.to_owned(),
                folder: self.path.clone(),
            });
        }
        Generation::open(&self.path, name)
    }

    /// Every generation, the newest first. Each is opened: a small one is read to its end.
    pub fn list(&self) -> Vec<Listed> {
        let current = self.current_name();
        let listed = |name: String| Listed {
            is_current: current.as_ref() == Some(&name),
            built: built(&name),
            bytes: bytes_in(&self.path.join(&name)),
            cases: match Generation::open(&self.path, &name) {
                Ok(generation) => Ok(generation.manifest.records),
                Err(IndexError::Unusable { reason, .. }) => Err(reason),
                Err(error) => Err(error.to_string()),
            },
            name,
        };
        self.names().into_iter().rev().map(listed).collect()
    }

    /// Checks every digest of every generation, the newest first; those that this build of Rex does not read too.
    pub fn verify(&self) -> Vec<Verified> {
        let verified = |name: String| {
            let path = self.path.join(&name);
            let files = Manifest::read(&path).and_then(|manifest| match manifest.damage(&path) {
                Some(damage) => Err(damage),
                None => Ok(manifest.files.len()),
            });
            Verified { name, files }
        };
        self.names().into_iter().rev().map(verified).collect()
    }

    /// Makes an older generation current: the one named or, where none is, the newest good one before the current one.
    /// Waits for a build under way, and says so through `notice`.
    ///
    /// The corpus it goes back from is remembered: a build that nobody asked for leaves it alone, see
    /// [`BuildOptions`](crate::BuildOptions). Going forward to a generation by its name forgets it.
    ///
    /// # Errors
    /// No such generation, one that cannot be used, no older one, and a folder that cannot be written.
    pub fn rollback(&self, to: Option<&str>, notice: &dyn Fn(&str)) -> Result<Generation, IndexError> {
        let _lock = self.lock(notice)?;
        let current = self.current_name();
        let target = match to {
            Some(name) => self.open(name)?,
            None => self.newest_before(current.as_deref())?,
        };
        let mut left = self.rolled_back();
        left.retain(|corpus| *corpus != target.manifest.corpus);
        let goes_back_from = current.filter(|current| target.name < *current);
        let manifest = goes_back_from.and_then(|name| Manifest::read(&self.path.join(name)).ok());
        left.extend(manifest.map(|manifest| manifest.corpus));
        self.remember_rolled_back(&left)?;
        self.point_to(&target.name)?;
        Ok(target)
    }

    fn newest_before(&self, current: Option<&str>) -> Result<Generation, IndexError> {
        let older = self.names().into_iter().rev();
        // Without a pointer, the newest is what is served, and one goes back from it.
        let older: Vec<String> = match current {
            Some(current) => older.filter(|name| name.as_str() < current).collect(),
            None => older.skip(1).collect(),
        };
        let mut good = older.iter().filter_map(|name| Generation::open(&self.path, name).ok());
        good.next().ok_or_else(|| IndexError::NothingOlder(self.path.clone()))
    }

    /// Digests of the corpora that were gone back from, see [`Manifest::corpus`].
    pub(crate) fn rolled_back(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path.join(Self::ROLLED_BACK)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn was_rolled_back(&self, name: &str) -> bool {
        let left = self.rolled_back();
        !left.is_empty() && Manifest::read(&self.path.join(name)).is_ok_and(|manifest| left.contains(&manifest.corpus))
    }

    fn remember_rolled_back(&self, left: &[String]) -> Result<(), IndexError> {
        /// As many generations are kept at the most.
        const MOST: usize = 100;
        if left.is_empty() {
            return self.forget_rolled_back();
        }
        let text: String = left[left.len().saturating_sub(MOST)..]
            .iter()
            .map(|corpus| format!("{corpus}\n"))
            .collect();
        self.replace(Self::ROLLED_BACK, Self::NEXT_ROLLED_BACK, text.as_bytes())
    }

    pub(crate) fn forget_rolled_back(&self) -> Result<(), IndexError> {
        remove(&self.path.join(Self::ROLLED_BACK))
    }

    fn pointer(&self) -> Pointer {
        match fs::read_to_string(self.path.join(Self::POINTER)) {
            Ok(name) if is_generation_name(name.trim()) => Pointer::Names(name.trim().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Pointer::Absent,
            _ => Pointer::Garbled,
        }
    }

    /// The names of all generations, oldest first: their names begin with the time they were built.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| is_generation_name(name))
            .collect();
        names.sort();
        names
    }

    /// Makes the folder and waits until no other process builds in it. The system takes the lock of a process that dies.
    pub(crate) fn lock(&self, notice: &dyn Fn(&str)) -> Result<File, IndexError> {
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
            self.path.display()
        ));
        lock.lock().map_err(self.refused())?;
        Ok(lock)
    }

    /// The lock, where it is free.
    pub(crate) fn lock_at_once(&self) -> Option<File> {
        let lock = self.lock_file().ok()?;
        lock.try_lock().ok().map(|()| lock)
    }

    fn lock_file(&self) -> Result<File, IndexError> {
        fs::create_dir_all(&self.path).map_err(self.refused())?;
        File::create(self.path.join(Self::LOCK)).map_err(self.refused())
    }

    fn refused(&self) -> impl Fn(io::Error) -> IndexError {
        |source| IndexError::Folder {
            path: self.path.clone(),
            source,
        }
    }

    /// Whether a build that died left something, or more generations than are kept lie here.
    pub(crate) fn is_untidy(&self, keep: usize) -> bool {
        self.names().len() > keep || Self::LEFTOVERS.iter().any(|name| self.path.join(name).exists())
    }

    /// Removes what builds that died left behind; the lock is held.
    pub(crate) fn tidy(&self) -> Result<(), IndexError> {
        Self::LEFTOVERS
            .iter()
            .try_for_each(|name| remove(&self.path.join(name)))
    }

    /// An empty folder to build in.
    pub(crate) fn start(&self) -> Result<PathBuf, IndexError> {
        self.make(Self::BUILDING)
    }

    /// An empty folder for what is new in an update.
    pub(crate) fn start_delta(&self) -> Result<PathBuf, IndexError> {
        self.make(Self::DELTA)
    }

    fn make(&self, name: &str) -> Result<PathBuf, IndexError> {
        let path = self.path.join(name);
        remove(&path)?;
        fs::create_dir(&path).map_err(IndexError::io("make", &path))?;
        Ok(path)
    }

    /// Makes what was built a generation: its files synced and described, then the folder named. It is not current yet.
    pub(crate) fn seal(&self, building: &Path, manifest: Manifest) -> Result<Sealed, IndexError> {
        // The engine makes some of its files private to the user who indexes; another may serve them.
        let path = building.join(Manifest::DIGEST_FILE);
        let permissions = File::create(&path)
            .and_then(|file| file.metadata())
            .map_err(IndexError::io("write", &path))?
            .permissions();
        remove(&path)?;
        for entry in fs::read_dir(building).map_err(IndexError::io("read", building))? {
            let path = entry.map_err(IndexError::io("read", building))?.path();
            let sync = |file: File| file.set_permissions(permissions.clone()).and_then(|()| file.sync_all());
            File::open(&path)
                .and_then(sync)
                .map_err(IndexError::io("sync", &path))?;
        }
        let stamps = stamps_in(building).map_err(IndexError::io("read", building))?;
        if stamps.values().map(|stamp| stamp.bytes).sum::<u64>() > IN_MEMORY {
            // So that whoever opens it need not read it all once more.
            thread::sleep(2 * Stamp::TICK);
        }
        let digested = SystemTime::now();
        let manifest = manifest.describe(building).map_err(IndexError::io("read", building))?;
        let (json, digest) = manifest
            .encode()
            .map_err(|error| IndexError::io("write", building)(error.into()))?;
        for (name, bytes) in [
            (Manifest::FILE, json.as_slice()),
            (Manifest::DIGEST_FILE, digest.as_bytes()),
        ] {
            let path = building.join(name);
            write_synced(&path, bytes).map_err(IndexError::io("write", &path))?;
        }
        sync_folder(building)?;
        Ok(Sealed {
            manifest,
            stamps,
            digested,
        })
    }

    /// Names what was sealed and makes it current. Where that fails, nothing of it is left.
    pub(crate) fn publish(&self, building: &Path, sealed: Sealed, name: &str) -> Result<Generation, IndexError> {
        let path = self.path.join(name);
        fs::rename(building, &path).map_err(IndexError::io("rename", building))?;
        let published = sync_folder(&self.path).and_then(|()| self.point_to(name));
        if published.is_err() && self.current_name().as_deref() != Some(name) {
            // What went wrong is worth more than what could not be tidied; the next build tidies again.
            let _ = remove(&path);
        }
        published?;
        VerifiedFiles::remember(&self.path, name, &sealed.stamps, sealed.digested);
        Generation::built_now(&self.path, name, sealed)
    }

    /// Makes a generation current, by one rename.
    pub(crate) fn point_to(&self, name: &str) -> Result<(), IndexError> {
        self.replace(Self::POINTER, Self::NEXT_POINTER, format!("{name}\n").as_bytes())
    }

    /// Writes a file whole or not at all.
    fn replace(&self, name: &str, next: &str, bytes: &[u8]) -> Result<(), IndexError> {
        let (path, next) = (self.path.join(name), self.path.join(next));
        let replaced = write_synced(&next, bytes)
            .and_then(|()| fs::rename(&next, &path))
            .map_err(IndexError::io("write", &path));
        if replaced.is_err() {
            let _ = remove(&next);
        }
        replaced?;
        sync_folder(&self.path)
    }

    /// Removes all but the newest generations, and those named; readers that have an old one open keep it until they close it.
    pub(crate) fn prune(&self, spared: &[&str], keep: usize) -> Result<(), IndexError> {
        let mut names = self.names();
        let found = names.len();
        names.retain(|name| !spared.contains(&name.as_str()));
        let spared = found - names.len();
        let old = names.len().saturating_sub(keep.saturating_sub(spared));
        let removing = self.path.join(Self::REMOVING);
        for name in &names[..old] {
            // By one rename, so that a crash leaves no generation in part.
            let path = self.path.join(name);
            remove(&removing)?;
            fs::rename(&path, &removing).map_err(IndexError::io("remove", &path))?;
            remove(&removing)?;
        }
        Ok(())
    }
}

/// What a build made, described and synced.
pub(crate) struct Sealed {
    pub(crate) manifest: Manifest,
    /// Its files as they were when they were described.
    pub(crate) stamps: BTreeMap<String, Stamp>,
    /// When that began.
    digested: SystemTime,
}

fn stamps_in(path: &Path) -> io::Result<BTreeMap<String, Stamp>> {
    let stamped = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        Ok((name, Stamp::of(&entry.metadata()?)))
    };
    fs::read_dir(path)?.map(|entry| stamped(entry?)).collect()
}

/// The generation the pointer names, those before it from the newest on, and those after it from the oldest on: they are what
/// one went back from.
fn in_order_of_trust(current: String, names: Vec<String>) -> Vec<String> {
    let (before, after): (Vec<_>, Vec<_>) = names
        .into_iter()
        .filter(|name| *name != current)
        .partition(|name| *name < current);
    std::iter::once(current)
        .chain(before.into_iter().rev())
        .chain(after)
        .collect()
}

/// Bytes of the files of a folder.
fn bytes_in(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|found| found.len())
        .sum()
}

/// Removes a file or a folder, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), IndexError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
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
