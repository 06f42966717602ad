use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rex_corpus::FileDigest;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::error::IndexError;
use crate::generations::file_fingerprint::{Fingerprint, VerifiedFiles};
use crate::generations::manifest::{FileEntry, Manifest, unreadable};
use crate::read_only_directory::{Files, ReadOnlyDirectory};

/// Bytes of all files of an index that is read into memory when it is opened, so that nothing done to the files later can
/// reach an answer; a larger one is mapped.
pub const IN_MEMORY: u64 = 32 << 20;

/// One complete index on disk, known to be intact and readable by this build of Rex when it was opened.
#[derive(Debug, Clone)]
pub struct Generation {
    /// `g-<time>-<hash>`.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its files, manifest included, as they were when it was opened.
    stamps: Arc<BTreeMap<String, Fingerprint>>,
    /// The bytes of its files, where they are few.
    contents: Option<Arc<Files>>,
}

impl Generation {
    /// Opens a generation of an index folder: its files are those of its manifest, to the last byte.
    ///
    /// # Errors
    /// [`IndexError::Unusable`], with the reason.
    pub fn open(folder: &Path, name: &str) -> Result<Self, IndexError> {
        Self::open_up_to(folder, name, IN_MEMORY)
    }

    /// Opens it, read into memory where its files have at most so many bytes, else mapped.
    ///
    /// # Errors
    /// [`IndexError::Unusable`], with the reason.
    pub fn open_up_to(folder: &Path, name: &str, in_memory: u64) -> Result<Self, IndexError> {
        let path = folder.join(name);
        let open = || -> Result<Self, String> {
            let manifest_stamps = stamps_of_manifest(&path);
            let manifest = Manifest::read(&path)?;
            if let Some(reason) = manifest.mismatch() {
                return Err(reason);
            }
            let (mut stamps, contents) = if manifest.bytes() <= in_memory {
                let (stamps, contents) = read(&path, &manifest)?;
                (stamps, Some(Arc::new(contents)))
            } else {
                (check(folder, name, &manifest)?, None)
            };
            stamps.extend(manifest_stamps);
            Ok(Self {
                name: name.to_owned(),
                path: path.clone(),
                manifest,
                stamps: Arc::new(stamps),
                contents,
            })
        };
        open().map_err(|reason| unusable(name, reason))
    }

    /// The generation that a build has just made, whose digests were taken a moment ago.
    pub fn built_now(
        folder: &Path,
        name: &str,
        manifest: Manifest,
        mut stamps: BTreeMap<String, Fingerprint>,
    ) -> Result<Self, IndexError> {
        if manifest.bytes() <= IN_MEMORY {
            return Self::open(folder, name);
        }
        let path = folder.join(name);
        stamps.extend(stamps_of_manifest(&path));
        Ok(Self {
            name: name.to_owned(),
            path,
            manifest,
            stamps: Arc::new(stamps),
            contents: None,
        })
    }

    /// Fingerprints of its files, manifest included, as they were when it was opened.
    pub fn fingerprints(&self) -> &BTreeMap<String, Fingerprint> {
        &self.stamps
    }

    /// Whether its files are in memory rather than mapped.
    pub fn is_in_memory(&self) -> bool {
        self.contents.is_some()
    }

    /// When it was built, by its name.
    pub fn built(&self) -> Option<OffsetDateTime> {
        built(&self.name)
    }

    /// The directory tantivy reads it from; nothing in it is ever written.
    ///
    /// # Errors
    /// A folder that is gone.
    pub fn directory(&self) -> Result<Box<dyn Directory>, IndexError> {
        Ok(match &self.contents {
            Some(contents) => Box::new(ReadOnlyDirectory::Memory(Arc::clone(contents))),
            None => mapped(&self.path)?,
        })
    }

    /// Reads every file to its end and compares it with its digest.
    ///
    /// # Errors
    /// [`IndexError::Unusable`], with what is wrong first.
    pub fn verify(&self) -> Result<(), IndexError> {
        let on_disk = Manifest::read(&self.path).map_err(|reason| unusable(&self.name, reason))?;
        let replaced = (on_disk != self.manifest).then(|| "its manifest is another one".to_owned());
        match replaced.or_else(|| self.manifest.damage(&self.path)) {
            None => Ok(()),
            Some(reason) => Err(unusable(&self.name, reason)),
        }
    }

    /// Whether what was read or mapped when it was opened is still good, whatever became of its files: in memory it always is;
    /// mapped, it is as long as files were only taken away.
    pub fn is_whole_as_opened(&self) -> bool {
        self.contents.is_some()
            || self.manifest.files.iter().all(|(name, expected)| {
                let path = self.path.join(name);
                !path.exists() || FileDigest::of(&path).is_ok_and(|found| FileEntry::from(found) == *expected)
            })
    }

    /// Whether its files are as they were when it was opened, by their sizes, times and inodes: nothing is read, and on systems
    /// without inodes a change that keeps size and time is not seen.
    ///
    /// # Errors
    /// What became of the first file that is not, as "its file ... was changed".
    pub fn is_untouched(&self) -> Result<(), String> {
        for (name, stamp) in &*self.stamps {
            let found = fs::metadata(self.path.join(name)).map_err(|error| unreadable(name, &error))?;
            if Fingerprint::of(&found) != *stamp {
                return Err(format!("its file {name} was changed"));
            }
        }
        Ok(())
    }
}

pub fn unusable(name: &str, reason: String) -> IndexError {
    IndexError::Unusable {
        name: name.to_owned(),
        reason,
    }
}

/// The files of a folder, mapped, to be read only.
///
/// # Errors
/// A folder that cannot be opened.
pub fn mapped(folder: &Path) -> tantivy::Result<Box<dyn Directory>> {
    let files = MmapDirectory::open(folder)?;
    Ok(Box::new(ReadOnlyDirectory::Elsewhere(Box::new(files))))
}

/// What is missing is for the reading of the manifest to say.
fn stamps_of_manifest(path: &Path) -> BTreeMap<String, Fingerprint> {
    let stamped = |name: &str| {
        let found = fs::metadata(path.join(name)).ok()?;
        Some((name.to_owned(), Fingerprint::of(&found)))
    };
    [Manifest::FILE, Manifest::DIGEST_FILE]
        .into_iter()
        .filter_map(stamped)
        .collect()
}

/// The files of a small index, and their bytes, whose digests are right.
fn read(path: &Path, manifest: &Manifest) -> Result<(BTreeMap<String, Fingerprint>, Files), String> {
    let mut stamps = BTreeMap::new();
    let mut contents = Files::new();
    for (name, entry) in &manifest.files {
        let (stamp, bytes) = read_file(path, name, entry).map_err(|error| unreadable(name, &error))?;
        if let Some(damage) = entry.size_damage(name, stamp.bytes) {
            return Err(damage);
        }
        if let Some(damage) = entry.damage_of_bytes(name, &bytes) {
            return Err(damage);
        }
        stamps.insert(name.clone(), stamp);
        contents.insert(PathBuf::from(name), OwnedBytes::new(bytes));
    }
    Ok((stamps, contents))
}

fn read_file(path: &Path, name: &str, entry: &FileEntry) -> io::Result<(Fingerprint, Vec<u8>)> {
    let file = File::open(path.join(name))?;
    let stamp = Fingerprint::of(&file.metadata()?);
    let mut bytes = Vec::new();
    file.take(entry.bytes + 1).read_to_end(&mut bytes)?;
    Ok((stamp, bytes))
}

/// The files of a large index: those that are as they were when their digests were right are trusted, the others are read.
fn check(folder: &Path, name: &str, manifest: &Manifest) -> Result<BTreeMap<String, Fingerprint>, String> {
    let verified = VerifiedFiles::read(folder);
    let started = SystemTime::now();
    let mut stamps = BTreeMap::new();
    for (file, entry) in &manifest.files {
        let path = folder.join(name).join(file);
        let found = fs::metadata(&path).map_err(|error| unreadable(file, &error))?;
        let stamp = Fingerprint::of(&found);
        let damage = entry.size_damage(file, stamp.bytes);
        let is_trusted = verified.holds(name, file, stamp);
        if let Some(damage) = damage.or_else(|| (!is_trusted).then(|| entry.damage(file, &path)).flatten()) {
            return Err(damage);
        }
        stamps.insert(file.clone(), stamp);
    }
    VerifiedFiles::remember(folder, name, &stamps, started);
    Ok(stamps)
}

/// Whether a name is one that generations have: nothing else in the folder is touched.
pub fn is_generation_name(name: &str) -> bool {
    name.starts_with("g-") && name.len() < 100 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// When the generation of a name was built.
pub fn built(name: &str) -> Option<OffsetDateTime> {
    let format = format_description!("[year][month][day]T[hour][minute][second][subsecond digits:3]Z");
    let (time, _) = name.strip_prefix("g-")?.split_once('-')?;
    PrimitiveDateTime::parse(time, &format)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}
