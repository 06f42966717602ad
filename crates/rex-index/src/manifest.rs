use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

use rex_analysis::ANALYZER_VERSION;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Changes whenever an index written by this version could not be read by the one before, or the reverse.
pub const FORMAT_VERSION: u32 = 1;

/// What a generation says of itself: `manifest.json` in its folder, written last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the writer.
    pub format: u32,
    /// [`ANALYZER_VERSION`] of the writer.
    pub analyzer: u32,
    /// Digest of the corpus it was built from, see [`rex_corpus::Corpus::digest`].
    pub corpus: String,
    /// How many records it holds.
    pub records: u64,
    /// Its files by name.
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
    /// Name of the file that holds it.
    pub const FILE: &'static str = "manifest.json";

    /// Describes the files of a folder.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn describe(folder: &Path, corpus: String, records: u64) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        for entry in folder.read_dir()? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(name, FileEntry::of(&path)?);
        }
        Ok(Self {
            format: FORMAT_VERSION,
            analyzer: ANALYZER_VERSION,
            corpus,
            records,
            files,
        })
    }

    /// Why this build of Rex cannot read the generation, or `None` when it can.
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

    /// The first of its files that is missing from `folder` or has another size.
    pub(crate) fn damage(&self, folder: &Path) -> Option<String> {
        self.files
            .iter()
            .find_map(|(name, entry)| match folder.join(name).metadata() {
                Err(_) => Some(format!("its file {name} is missing")),
                Ok(found) if found.len() != entry.bytes => Some(format!(
                    "its file {name} has {} bytes, expected {}",
                    found.len(),
                    entry.bytes
                )),
                Ok(_) => None,
            })
    }
}

impl FileEntry {
    fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            let read = io::Read::read(&mut file, &mut buffer)?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            digest.update(&buffer[..read]);
        }
        Ok(Self {
            bytes,
            sha256: digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}
