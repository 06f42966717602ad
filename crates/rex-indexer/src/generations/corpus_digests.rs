//! Caches the digests of corpus files between builds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rex_corpus::{Corpus, FileDigest};
use serde::{Deserialize, Serialize};

use rex_index::generations::file_fingerprint::{Fingerprint, note, recall};

/// Digests of the large files of a corpus by path, with the fingerprints of the files: the file `.digested` in the index folder.
///
/// It is a cache, like [`VerifiedFiles`](rex_index::generations::file_fingerprint::VerifiedFiles).
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct CorpusDigests(BTreeMap<PathBuf, FileRecord>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct FileRecord {
    #[serde(rename = "stamp")]
    fingerprint: Fingerprint,
    /// SHA-256, in hexadecimal.
    sha256: String,
}

impl CorpusDigests {
    const FILE: &'static str = ".digested";
    /// Name under which the file is written before it is renamed.
    pub(crate) const NEXT: &'static str = ".digested.next";
    /// Least size in bytes of a file in the cache. Reading a smaller one is as fast as the lookup, and there may be many.
    const MIN_FILE_BYTES: u64 = 1 << 20;
    /// Limit of files in the cache.
    const MAX_FILES: usize = 1_000;
    /// Limit when reading the cache.
    const MAX_BYTES: u64 = 8 << 20;

    /// The digest of a corpus. A large file is read only if its fingerprint differs from that in the cache of `folder`; `now` decides which
    /// new digests can be cached.
    pub(crate) fn of_corpus(corpus: &Corpus, folder: &Path, now: SystemTime) -> String {
        let before: Self = recall(&folder.join(Self::FILE), Self::MAX_BYTES);
        let mut after = Self::default();
        let digest = corpus.digest_with(|path| {
            let fingerprint = Fingerprint::of(&fs::metadata(path)?);
            if let Some(known) = before.0.get(path).filter(|known| known.fingerprint == fingerprint) {
                after.0.insert(path.to_owned(), known.clone());
                return Ok(known.sha256.clone());
            }
            let sha256 = FileDigest::of(path)?.sha256;
            if fingerprint.bytes >= Self::MIN_FILE_BYTES
                && fingerprint.is_settled(now)
                && after.0.len() < Self::MAX_FILES
            {
                let sha256 = sha256.clone();
                after.0.insert(path.to_owned(), FileRecord { fingerprint, sha256 });
            }
            Ok(sha256)
        });
        if after != before {
            // Best effort: see the type.
            let _ = note(&after, &folder.join(Self::FILE), &folder.join(Self::NEXT));
        }
        digest
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_large_file_is_read_again_only_where_it_changed() {
        let (folder, index) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join("a.jsonl");
        let corpus = || Corpus::open(folder.path()).unwrap();
        let list = index.path().join(CorpusDigests::FILE);
        let known = || recall::<CorpusDigests>(&list, CorpusDigests::MAX_BYTES);
        let digest = |now| CorpusDigests::of_corpus(&corpus(), index.path(), now);
        let write = |byte: u8| fs::write(&path, vec![byte; CorpusDigests::MIN_FILE_BYTES as usize]).unwrap();
        let later = SystemTime::now() + Duration::from_secs(3600);

        write(b'a');
        assert_eq!(digest(UNIX_EPOCH), corpus().digest());
        assert_eq!(known(), CorpusDigests::default(), "it changed too recently");
        assert_eq!(digest(later), corpus().digest());
        let mut forged = known();
        forged.0.get_mut(&path).expect("it is cached").sha256 = "f".repeat(64);
        note(&forged, &list, &index.path().join(CorpusDigests::NEXT)).unwrap();
        assert_ne!(digest(later), corpus().digest(), "it is not read");

        let written = fs::metadata(&path).unwrap().modified().unwrap();
        write(b'b');
        File::options()
            .append(true)
            .open(&path)
            .unwrap()
            .set_modified(written)
            .unwrap();
        assert_eq!(
            digest(later),
            corpus().digest(),
            "same size and date, but another change time"
        );
    }
}
