//! One generation: opening and verifying it.

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

/// Largest index, in bytes of its files, that is read into memory when it is opened. Later changes to its files cannot affect answers. A
/// larger index is mapped.
pub const IN_MEMORY: u64 = 32 << 20;

/// One complete index on disk, of the current format and analyzer, verified when it was opened.
#[derive(Debug, Clone)]
pub struct Generation {
    /// Name, `g-<time>-<hash>`.
    pub name: String,
    /// Folder.
    pub path: PathBuf,
    /// Manifest.
    pub manifest: Manifest,
    /// Fingerprints of its files, manifest included, taken when it was opened.
    fingerprints: Arc<BTreeMap<String, Fingerprint>>,
    /// Contents of its files, up to [`IN_MEMORY`].
    contents: Option<Arc<Files>>,
}

impl Generation {
    /// Opens a generation of an index folder and verifies its files against the manifest.
    ///
    /// # Errors
    /// [`IndexError::Unusable`], with the reason.
    pub fn open(folder: &Path, name: &str) -> Result<Self, IndexError> {
        Self::open_up_to(folder, name, IN_MEMORY)
    }

    /// Opens a generation, in memory if its files have at most `in_memory` bytes, else mapped.
    ///
    /// # Errors
    /// [`IndexError::Unusable`], with the reason.
    pub fn open_up_to(folder: &Path, name: &str, in_memory: u64) -> Result<Self, IndexError> {
        let path = folder.join(name);
        let open = || -> Result<Self, String> {
            let manifest_fingerprints = fingerprints_of_manifest(&path);
            let manifest = Manifest::read(&path)?;
            if let Some(reason) = manifest.mismatch() {
                return Err(reason);
            }
            let (mut fingerprints, contents) = if manifest.bytes() <= in_memory {
                let (fingerprints, contents) = read(&path, &manifest)?;
                (fingerprints, Some(Arc::new(contents)))
            } else {
                (check(folder, name, &manifest)?, None)
            };
            fingerprints.extend(manifest_fingerprints);
            Ok(Self {
                name: name.to_owned(),
                path: path.clone(),
                manifest,
                fingerprints: Arc::new(fingerprints),
                contents,
            })
        };
        open().map_err(|reason| unusable(name, reason))
    }

    /// Opens the generation of a build whose digests have just been computed, without computing them again.
    ///
    /// # Errors
    /// [`IndexError::Unusable`], with the reason.
    pub fn built_now(
        folder: &Path,
        name: &str,
        manifest: Manifest,
        mut fingerprints: BTreeMap<String, Fingerprint>,
    ) -> Result<Self, IndexError> {
        if manifest.bytes() <= IN_MEMORY {
            return Self::open(folder, name);
        }
        let path = folder.join(name);
        fingerprints.extend(fingerprints_of_manifest(&path));
        Ok(Self {
            name: name.to_owned(),
            path,
            manifest,
            fingerprints: Arc::new(fingerprints),
            contents: None,
        })
    }

    /// Fingerprints of its files, manifest included, taken when it was opened.
    pub fn fingerprints(&self) -> &BTreeMap<String, Fingerprint> {
        &self.fingerprints
    }

    /// Whether its files are in memory, as opposed to mapped.
    pub fn is_in_memory(&self) -> bool {
        self.contents.is_some()
    }

    /// Build time, from the name.
    pub fn built(&self) -> Option<OffsetDateTime> {
        built(&self.name)
    }

    /// A read-only tantivy directory of its files.
    ///
    /// # Errors
    /// A folder that no longer exists.
    pub fn directory(&self) -> Result<Box<dyn Directory>, IndexError> {
        Ok(match &self.contents {
            Some(contents) => Box::new(ReadOnlyDirectory::Memory(Arc::clone(contents))),
            None => mapped(&self.path)?,
        })
    }

    /// Reads all files and compares them with their digests.
    ///
    /// # Errors
    /// [`IndexError::Unusable`], with the first damage found.
    pub fn verify(&self) -> Result<(), IndexError> {
        let on_disk = Manifest::read(&self.path).map_err(|reason| unusable(&self.name, reason))?;
        let replaced = (on_disk != self.manifest).then(|| "its manifest is another one".to_owned());
        match replaced.or_else(|| self.manifest.damage(&self.path)) {
            None => Ok(()),
            Some(reason) => Err(unusable(&self.name, reason)),
        }
    }

    /// Whether the opened contents are still intact: always in memory; mapped, unless a file was overwritten. Deleting a mapped file does
    /// no harm.
    pub fn is_whole_as_opened(&self) -> bool {
        self.contents.is_some()
            || self.manifest.files.iter().all(|(name, expected)| {
                let path = self.path.join(name);
                !path.exists() || FileDigest::of(&path).is_ok_and(|found| FileEntry::from(found) == *expected)
            })
    }

    /// Compares the fingerprints of its files with those taken when it was opened, without reading the files. On systems without inodes,
    /// a change that keeps size and time goes unnoticed.
    ///
    /// # Errors
    /// The first difference, as "its file ... was changed".
    pub fn is_untouched(&self) -> Result<(), String> {
        for (name, fingerprint) in &*self.fingerprints {
            let found = fs::metadata(self.path.join(name)).map_err(|error| unreadable(name, &error))?;
            if Fingerprint::of(&found) != *fingerprint {
                return Err(format!("its file {name} was changed"));
            }
        }
        Ok(())
    }
}

/// The error of a generation that cannot be used.
pub fn unusable(name: &str, reason: String) -> IndexError {
    IndexError::Unusable {
        name: name.to_owned(),
        reason,
    }
}

/// Maps the files of a folder, read-only.
///
/// # Errors
/// A folder that cannot be opened.
pub fn mapped(folder: &Path) -> tantivy::Result<Box<dyn Directory>> {
    let files = MmapDirectory::open(folder)?;
    Ok(Box::new(ReadOnlyDirectory::Elsewhere(Box::new(files))))
}

/// Missing files are left out here; reading the manifest reports them.
fn fingerprints_of_manifest(path: &Path) -> BTreeMap<String, Fingerprint> {
    let fingerprint_of = |name: &str| {
        let found = fs::metadata(path.join(name)).ok()?;
        Some((name.to_owned(), Fingerprint::of(&found)))
    };
    [Manifest::FILE, Manifest::DIGEST_FILE]
        .into_iter()
        .filter_map(fingerprint_of)
        .collect()
}

/// Reads and verifies the files of a small index.
fn read(path: &Path, manifest: &Manifest) -> Result<(BTreeMap<String, Fingerprint>, Files), String> {
    let mut fingerprints = BTreeMap::new();
    let mut contents = Files::new();
    for (name, entry) in &manifest.files {
        let (fingerprint, bytes) = read_file(path, name, entry).map_err(|error| unreadable(name, &error))?;
        if let Some(damage) = entry.size_damage(name, fingerprint.bytes) {
            return Err(damage);
        }
        if let Some(damage) = entry.damage_of_bytes(name, &bytes) {
            return Err(damage);
        }
        fingerprints.insert(name.clone(), fingerprint);
        contents.insert(PathBuf::from(name), OwnedBytes::new(bytes));
    }
    Ok((fingerprints, contents))
}

fn read_file(path: &Path, name: &str, entry: &FileEntry) -> io::Result<(Fingerprint, Vec<u8>)> {
    let file = File::open(path.join(name))?;
    let fingerprint = Fingerprint::of(&file.metadata()?);
    let mut bytes = Vec::new();
    file.take(entry.bytes + 1).read_to_end(&mut bytes)?;
    Ok((fingerprint, bytes))
}

/// Verifies the files of a large index. A file with the fingerprint of its last verification is trusted, others are read.
fn check(folder: &Path, name: &str, manifest: &Manifest) -> Result<BTreeMap<String, Fingerprint>, String> {
    let verified = VerifiedFiles::read(folder);
    let started = SystemTime::now();
    let mut fingerprints = BTreeMap::new();
    for (file, entry) in &manifest.files {
        let path = folder.join(name).join(file);
        let found = fs::metadata(&path).map_err(|error| unreadable(file, &error))?;
        let fingerprint = Fingerprint::of(&found);
        let damage = entry.size_damage(file, fingerprint.bytes);
        let is_trusted = verified.holds(name, file, fingerprint);
        if let Some(damage) = damage.or_else(|| (!is_trusted).then(|| entry.damage(file, &path)).flatten()) {
            return Err(damage);
        }
        fingerprints.insert(file.clone(), fingerprint);
    }
    VerifiedFiles::remember(folder, name, &fingerprints, started);
    Ok(fingerprints)
}

/// Whether a name can be that of a generation. Other entries of the index folder are left alone.
pub fn is_generation_name(name: &str) -> bool {
    name.starts_with("g-") && name.len() < 100 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Build time of a generation, from its name.
pub fn built(name: &str) -> Option<OffsetDateTime> {
    let format = format_description!("[year][month][day]T[hour][minute][second][subsecond digits:3]Z");
    let (time, _) = name.strip_prefix("g-")?.split_once('-')?;
    PrimitiveDateTime::parse(time, &format)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}
