use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use rex_analysis::ANALYZER_VERSION;
use rex_corpus::FileDigest;
use serde::{Deserialize, Serialize};

/// Changes whenever an index written by this version could not be read by the one before, or the reverse.
pub const FORMAT_VERSION: u32 = 3;

/// What a generation says of itself: `manifest.json` in its folder, written last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the writer.
    pub format: u32,
    /// [`ANALYZER_VERSION`] of the writer.
    pub analyzer: u32,
    /// Digest of what it was built from: that of the corpus ([`rex_corpus::Corpus::digest`]) and that of the labels of CPV
    /// codes ([`rex_corpus::CpvLabels::digest`]), digested together.
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
            files.insert(name, FileDigest::of(&path)?.into());
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

    /// What is wrong with its files in `folder`, or `None`: one is missing or has another size or, where it is small
    /// enough to be read at every start, other content.
    pub(crate) fn damage(&self, folder: &Path) -> Option<String> {
        /// The most that is read of each file: the whole of a small index, milliseconds of a large one.
        const SMALL: u64 = 1 << 20;
        self.files.iter().find_map(|(name, expected)| {
            let path = folder.join(name);
            let found = match path.metadata() {
                Ok(found) => found.len(),
                Err(_) => return Some(format!("its file {name} is missing")),
            };
            if found != expected.bytes {
                return Some(format!(
                    "its file {name} has {found} bytes, expected {}",
                    expected.bytes
                ));
            }
            let is_intact = found > SMALL || FileDigest::of(&path).is_ok_and(|digest| digest.sha256 == expected.sha256);
            (!is_intact).then(|| format!("its file {name} is damaged"))
        })
    }
}

impl From<FileDigest> for FileEntry {
    fn from(digest: FileDigest) -> Self {
        Self {
            bytes: digest.bytes,
            sha256: digest.sha256,
        }
    }
}
