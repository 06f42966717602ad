//! Digests of the corpus files, remembered between builds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rex_corpus::{Corpus, FileDigest};
use serde::{Deserialize, Serialize};

use rex_index::generations::file_fingerprint::{Fingerprint, note, recall};

/// The digests of the large files of a corpus, as they were when they were taken: `.digested` in the index folder.
///
/// It saves time and nothing else, as [`VerifiedFiles`] does.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct CorpusDigests(BTreeMap<PathBuf, Digested>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Digested {
    stamp: Fingerprint,
    /// SHA-256, in hexadecimal.
    sha256: String,
}

impl CorpusDigests {
    const FILE: &'static str = ".digested";
    pub(crate) const NEXT: &'static str = ".digested.next";
    /// A smaller file is read as fast as it is looked up here, and there may be many of them.
    const LEAST: u64 = 1 << 20;
    /// A thousand files of a gigabyte have their digests taken by the hour, not at a start: more are not remembered.
    const MOST: usize = 1_000;
    const MAX_BYTES: u64 = 8 << 20;

    /// The digest of a corpus, `now`: of its large files, those are read that changed since their digests were taken last.
    pub(crate) fn of_corpus(corpus: &Corpus, folder: &Path, now: SystemTime) -> String {
        let before: Self = recall(&folder.join(Self::FILE), Self::MAX_BYTES);
        let mut after = Self::default();
        let digest = corpus.digest_with(|path| {
            let stamp = Fingerprint::of(&fs::metadata(path)?);
            if let Some(known) = before.0.get(path).filter(|known| known.stamp == stamp) {
                after.0.insert(path.to_owned(), known.clone());
                return Ok(known.sha256.clone());
            }
            let sha256 = FileDigest::of(path)?.sha256;
            if stamp.bytes >= Self::LEAST && stamp.is_settled(now) && after.0.len() < Self::MOST {
                let sha256 = sha256.clone();
                after.0.insert(path.to_owned(), Digested { stamp, sha256 });
            }
            Ok(sha256)
        });
        if after != before {
            // Best effort, as the type says.
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
        let write = |byte: u8| fs::write(&path, vec![byte; CorpusDigests::LEAST as usize]).unwrap();
        let later = SystemTime::now() + Duration::from_secs(3600);

        write(b'a');
        assert_eq!(digest(UNIX_EPOCH), corpus().digest());
        assert_eq!(known(), CorpusDigests::default(), "it may be written once more");
        assert_eq!(digest(later), corpus().digest());
        let mut told = known();
        told.0.get_mut(&path).expect("it is remembered").sha256 = "f".repeat(64);
        note(&told, &list, &index.path().join(CorpusDigests::NEXT)).unwrap();
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
            "of the same size and date, and read all the same"
        );
    }
}
