//! The manifest of a generation: its versions, its corpus and the digests of its files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rex_analysis::ANALYZER_VERSION;
use rex_corpus::FileDigest;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Version of the format on disk. It changes with every incompatible change, in either direction.
///
/// The next version needs a frozen index: see `crates/rex-search/tests/frozen.rs`.
pub const FORMAT_VERSION: u32 = 8;

/// The file `manifest.json` of a generation, written last, with its own digest beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the writer.
    pub format: u32,
    /// [`ANALYZER_VERSION`] of the writer.
    pub analyzer: u32,
    /// Version of Rex that read the corpus. Another version may read the same file differently.
    #[serde(default)]
    pub reader: String,
    /// Digest over the corpus ([`rex_corpus::Corpus::digest`]) and the labels of CPV codes ([`rex_corpus::CpvLabels::digest`]).
    pub corpus: String,
    /// Digest of the labels of CPV codes alone.
    #[serde(default)]
    pub labels: String,
    /// Number of records.
    pub records: u64,
    /// Number of the build, one higher than the highest in its folder; 0 in manifests of before.
    #[serde(default)]
    pub build: u64,
    /// Files by name.
    pub files: BTreeMap<String, FileEntry>,
}

/// One file of a generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Name of the file.
    pub const FILE: &'static str = "manifest.json";
    /// Name of the file with its digest, in the format of `sha256sum`.
    pub const DIGEST_FILE: &'static str = "manifest.sha256";
    /// Limit when reading; a manifest of a dozen files has 2 kB.
    const MAX_BYTES: u64 = 1 << 20;

    /// A manifest of the current versions, without files.
    pub fn of(corpus: String, labels: String, records: u64) -> Self {
        Self {
            format: FORMAT_VERSION,
            analyzer: ANALYZER_VERSION,
            reader: Self::reader_version().to_owned(),
            corpus,
            labels,
            records,
            build: 0,
            files: BTreeMap::new(),
        }
    }

    /// The version of this build of Rex.
    pub const fn reader_version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Adds size and digest of all files of a folder.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn describe(mut self, folder: &Path) -> io::Result<Self> {
        for entry in folder.read_dir()? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.files.insert(name, FileDigest::of(&path)?.into());
        }
        Ok(self)
    }

    /// The contents of both files: the JSON and its digest.
    ///
    /// # Errors
    /// None in practice; those of `serde_json`.
    pub fn encode(&self) -> serde_json::Result<(Vec<u8>, String)> {
        let json = serde_json::to_vec_pretty(self)?;
        let digest = digest_line(&json);
        Ok((json, digest))
    }

    /// Reads the manifest in a folder and verifies its digest.
    ///
    /// # Errors
    /// The reason, as "its manifest ...".
    pub fn read(folder: &Path) -> Result<Self, String> {
        let read = |name| read_file(&folder.join(name));
        let json = read(Self::FILE).map_err(|error| format!("its manifest cannot be read ({error})"))?;
        let parsed = serde_json::from_slice::<Self>(&json);
        let expected = match read(Self::DIGEST_FILE) {
            // Formats before 4 had no digest file.
            Err(_) if parsed.as_ref().is_ok_and(|manifest| manifest.format < 4) => None,
            Err(error) => return Err(format!("the digest of its manifest cannot be read ({error})")),
            Ok(digest) => Some(digest),
        };
        if expected.is_some_and(|expected| expected != digest_line(&json).into_bytes()) {
            return Err("its manifest is damaged".to_owned());
        }
        parsed.map_err(|error| format!("its manifest is damaged ({error})"))
    }

    /// The number of the build of the generation in a folder, whatever its format; `None` if its manifest cannot be read.
    pub(crate) fn build_number(folder: &Path) -> Option<u64> {
        /// The part of a manifest that every format may have.
        #[derive(Deserialize)]
        struct Numbered {
            #[serde(default)]
            build: u64,
        }
        let json = read_file(&folder.join(Self::FILE)).ok()?;
        serde_json::from_slice::<Numbered>(&json).ok().map(|found| found.build)
    }

    /// Why this build of Rex cannot read the generation; `None` if it can.
    pub fn mismatch(&self) -> Option<String> {
        if self.format != FORMAT_VERSION {
            return Some(format!(
                "its format is {}, this rex reads format {FORMAT_VERSION}",
                self.format
            ));
        }
        if self.analyzer != ANALYZER_VERSION {
            return Some(format!(
                "its words were cut by analyzer {}, this rex has analyzer {ANALYZER_VERSION}",
                self.analyzer
            ));
        }
        None
    }

    /// Size of all files in bytes.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|file| file.bytes).sum()
    }

    /// Reads all files in `folder` and returns the first damage; `None` if all are intact.
    pub fn damage(&self, folder: &Path) -> Option<String> {
        self.files
            .iter()
            .find_map(|(name, entry)| entry.damage(name, &folder.join(name)))
    }
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(Manifest::MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl FileEntry {
    /// Describes a wrong size; `None` if it is right.
    pub fn size_damage(&self, name: &str, found: u64) -> Option<String> {
        (found != self.bytes).then(|| format!("its file {name} has {found} bytes, expected {}", self.bytes))
    }

    /// Reads a file and describes its damage; `None` if it is intact.
    pub fn damage(&self, name: &str, path: &Path) -> Option<String> {
        let found = match fs::metadata(path) {
            Ok(found) => found.len(),
            Err(error) => return Some(unreadable(name, &error)),
        };
        self.size_damage(name, found).or_else(|| match FileDigest::of(path) {
            Err(error) => Some(unreadable(name, &error)),
            Ok(digest) => (digest.sha256 != self.sha256).then(|| damaged(name)),
        })
    }

    /// Describes the damage of the contents of a file; `None` if they are intact.
    pub fn damage_of_bytes(&self, name: &str, bytes: &[u8]) -> Option<String> {
        self.size_damage(name, bytes.len() as u64)
            .or_else(|| (sha256(bytes) != self.sha256).then(|| damaged(name)))
    }
}

/// Describes a file that cannot be opened or read.
pub fn unreadable(name: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("its file {name} is missing"),
        _ => format!("its file {name} cannot be read ({error})"),
    }
}

fn damaged(name: &str) -> String {
    format!("its file {name} is damaged")
}

fn digest_line(json: &[u8]) -> String {
    format!("{}  {}\n", sha256(json), Manifest::FILE)
}

fn sha256(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

impl From<FileDigest> for FileEntry {
    fn from(digest: FileDigest) -> Self {
        Self {
            bytes: digest.bytes,
            sha256: digest.sha256,
        }
    }
}
