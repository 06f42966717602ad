//! The index folder: its generations and the pointer to the current one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::error::IndexError;
use crate::generations::build_order::BuildOrder;
use crate::generations::generation::{Generation, built, is_generation_name};
use crate::generations::manifest::Manifest;

/// The index folder, which holds the generations and the pointer to the current one.
#[derive(Debug, Clone)]
pub struct IndexDir {
    path: PathBuf,
}

/// An entry of [`IndexDir::list`].
#[derive(Debug, Clone)]
pub struct GenerationEntry {
    /// Name of the generation.
    pub name: String,
    /// Whether the pointer names it.
    pub is_current: bool,
    /// Build time, from the name.
    pub built: Option<OffsetDateTime>,
    /// Size on disk in bytes.
    pub bytes: u64,
    /// Number of records, or the reason why it cannot be used.
    pub cases: Result<u64, String>,
}

/// Result of checking the digests of a generation.
#[derive(Debug)]
pub struct Verified {
    /// Name of the generation.
    pub name: String,
    /// Number of files, all intact, or the first damage found.
    pub files: Result<usize, String>,
}

/// Content of the pointer file.
enum Pointer {
    Absent,
    Garbled,
    Names(String),
}

impl IndexDir {
    /// Name of the file that names the current generation.
    pub const POINTER: &'static str = "current";
    /// Name of the file that lists the digests of corpora that were rolled back from.
    pub const ROLLED_BACK: &'static str = ".rolled-back";

    /// The index folder at a path. It is created by the first build.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name in the pointer file, without opening the generation.
    pub fn current_name(&self) -> Option<String> {
        match self.pointer() {
            Pointer::Names(name) => Some(name),
            Pointer::Absent | Pointer::Garbled => None,
        }
    }

    /// The generation to serve: the current one, or if that is damaged, the newest intact one before it, else the oldest intact one after
    /// it. Without a valid pointer, the newest intact one, those rolled back from last.
    ///
    /// Returns `None` if no generation is usable, and a sentence for each one passed over.
    pub fn usable(&self) -> (Option<Generation>, Vec<String>) {
        let mut passed_over = Vec::new();
        let order = self.build_order();
        let candidates = match self.pointer() {
            Pointer::Names(current) => in_order_of_trust(current, &order),
            pointer => {
                let names = order.names();
                if matches!(pointer, Pointer::Garbled) || !names.is_empty() {
                    passed_over.push(IndexError::Pointer(self.path.join(Self::POINTER)).to_string());
                }
                let (rolled_back, others): (Vec<_>, Vec<_>) =
                    names.into_iter().rev().partition(|name| self.was_rolled_back(name));
                others.into_iter().chain(rolled_back).collect()
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

    /// The current generation; `None` before the first build.
    ///
    /// # Errors
    /// A pointer that names no generation, and a generation that is damaged or of another format or analyzer.
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
    /// An unknown name, and a generation that cannot be used.
    pub fn open(&self, name: &str) -> Result<Generation, IndexError> {
        if !is_generation_name(name) || !self.path.join(name).is_dir() {
            return Err(IndexError::NoGeneration {
                name: name.to_owned(),
                folder: self.path.clone(),
            });
        }
        Generation::open(&self.path, name)
    }

    /// All generations, the newest first. Each is opened, so a small one is read completely.
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

    /// Checks all digests of all generations, the newest first, those of other formats included.
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

    /// Digests of the corpora that were rolled back from, as in [`Manifest::corpus`].
    pub fn rolled_back(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path.join(Self::ROLLED_BACK)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn was_rolled_back(&self, name: &str) -> bool {
        let digests = self.rolled_back();
        !digests.is_empty()
            && Manifest::read(&self.path.join(name)).is_ok_and(|manifest| digests.contains(&manifest.corpus))
    }

    fn pointer(&self) -> Pointer {
        match fs::read_to_string(self.path.join(Self::POINTER)) {
            Ok(name) if is_generation_name(name.trim()) => Pointer::Names(name.trim().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Pointer::Absent,
            _ => Pointer::Garbled,
        }
    }

    /// Names of all generations in the order of their builds, the oldest first.
    pub fn names(&self) -> Vec<String> {
        self.build_order().names()
    }

    /// The order in which the generations were built.
    pub fn build_order(&self) -> BuildOrder {
        BuildOrder::of(&self.path)
    }
}

/// The current generation, then those before it from the newest, then those after it from the oldest: the latter were rolled back from.
fn in_order_of_trust(current: String, order: &BuildOrder) -> Vec<String> {
    let others = order.names().into_iter().filter(|name| *name != current);
    let (before, after): (Vec<_>, Vec<_>) = others.partition(|name| order.is_before(name, &current));
    std::iter::once(current)
        .chain(before.into_iter().rev())
        .chain(after)
        .collect()
}

/// Size of the files in a folder, in bytes.
fn bytes_in(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|found| found.len())
        .sum()
}
