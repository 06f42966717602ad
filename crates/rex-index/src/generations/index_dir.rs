use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::error::IndexError;
use crate::generations::generation::{Generation, built, is_generation_name};
use crate::generations::manifest::Manifest;

/// The folder that holds the generations and the pointer to the current one.
#[derive(Debug, Clone)]
pub struct IndexDir {
    path: PathBuf,
}

/// A generation as it is listed.
#[derive(Debug, Clone)]
pub struct GenerationEntry {
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

impl IndexDir {
    /// File that names the current generation.
    pub const POINTER: &'static str = "current";
    /// File of the corpus digests that were rolled back from.
    pub const ROLLED_BACK: &'static str = ".rolled-back";

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
    pub fn list(&self) -> Vec<GenerationEntry> {
        let current = self.current_name();
        let listed = |name: String| GenerationEntry {
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

    /// Digests of the corpora that were gone back from, see [`Manifest::corpus`].
    pub fn rolled_back(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path.join(Self::ROLLED_BACK)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn was_rolled_back(&self, name: &str) -> bool {
        let left = self.rolled_back();
        !left.is_empty() && Manifest::read(&self.path.join(name)).is_ok_and(|manifest| left.contains(&manifest.corpus))
    }

    fn pointer(&self) -> Pointer {
        match fs::read_to_string(self.path.join(Self::POINTER)) {
            Ok(name) if is_generation_name(name.trim()) => Pointer::Names(name.trim().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Pointer::Absent,
            _ => Pointer::Garbled,
        }
    }

    /// The names of all generations, oldest first: their names begin with the time they were built.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| is_generation_name(name))
            .collect();
        names.sort();
        names
    }
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
