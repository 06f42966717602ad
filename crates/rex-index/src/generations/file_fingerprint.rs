//! Detects changes of a file since its digest was computed, without reading it.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Metadata of a file. Writing, restoring from a backup or replacing the file changes it: the change time of an inode cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Size in bytes.
    pub bytes: u64,
    /// Nanoseconds since 1970.
    modified: i64,
    /// Nanoseconds since 1970; 0 where the system has no such time.
    changed: i64,
    inode: u64,
}

impl Fingerprint {
    /// The fingerprint of a file.
    #[cfg(unix)]
    pub fn of(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanos = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            bytes: found.len(),
            modified: nanos(found.mtime(), found.mtime_nsec()),
            changed: nanos(found.ctime(), found.ctime_nsec()),
            inode: found.ino(),
        }
    }

    /// The fingerprint of a file.
    #[cfg(not(unix))]
    pub fn of(found: &Metadata) -> Self {
        Self {
            bytes: found.len(),
            modified: found.modified().map_or(0, nanos),
            changed: 0,
            inode: 0,
        }
    }

    /// Two changes within this time may have the same timestamp on file systems with sub-second times: kernel clocks tick every 10 ms or
    /// faster.
    pub const TICK: Duration = Duration::from_millis(100);
    /// The same on file systems without them; FAT has a resolution of two seconds.
    const COARSE_TICK: Duration = Duration::from_secs(2);

    /// Whether the last change was long enough before `at` for any later change to have another timestamp.
    pub fn is_settled(&self, at: SystemTime) -> bool {
        let last = self.modified.max(self.changed);
        let tick = match last % 1_000_000_000 {
            0 => Self::COARSE_TICK,
            _ => Self::TICK,
        };
        last.saturating_add(tick.as_nanos() as i64) < nanos(at)
    }
}

fn nanos(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Fingerprints of files at the time of their verification, by generation: the file `.verified` in the index folder.
///
/// It is a cache. If it cannot be read or written, every start computes all digests.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct VerifiedFiles(BTreeMap<String, BTreeMap<String, Fingerprint>>);

impl VerifiedFiles {
    const FILE: &'static str = ".verified";
    /// Name under which the file is written before it is renamed.
    pub const NEXT: &'static str = ".verified.next";
    /// Limit when reading; a generation has a dozen files.
    const MAX_BYTES: u64 = 1 << 20;

    /// Reads the file in an index folder; empty if it is missing or damaged.
    pub fn read(folder: &Path) -> Self {
        recall(&folder.join(Self::FILE), Self::MAX_BYTES)
    }

    /// Whether a file of a generation has the fingerprint of its last verification.
    pub fn holds(&self, generation: &str, file: &str, fingerprint: Fingerprint) -> bool {
        self.0.get(generation).and_then(|files| files.get(file)) == Some(&fingerprint)
    }

    /// Records the files of a generation that have just been verified, except those changed too recently to tell a later change. Drops
    /// generations that no longer exist.
    pub fn remember(folder: &Path, generation: &str, fingerprints: &BTreeMap<String, Fingerprint>, at: SystemTime) {
        let mut verified = Self::read(folder);
        let settled = fingerprints
            .iter()
            .filter(|(_, fingerprint)| fingerprint.is_settled(at));
        let settled: BTreeMap<_, _> = settled
            .map(|(name, fingerprint)| (name.clone(), *fingerprint))
            .collect();
        if verified.0.get(generation) == Some(&settled) || settled.is_empty() {
            return;
        }
        verified.0.retain(|name, _| folder.join(name).is_dir());
        verified.0.insert(generation.to_owned(), settled);
        // Best effort: see the type.
        let _ = note(&verified, &folder.join(Self::FILE), &folder.join(Self::NEXT));
    }
}

/// Reads a JSON cache file; the default if it is missing, damaged or larger than `max_bytes`.
pub fn recall<T: DeserializeOwned + Default>(path: &Path, max_bytes: u64) -> T {
    let has_size = fs::metadata(path).is_ok_and(|found| found.len() <= max_bytes);
    let bytes = has_size.then(|| fs::read(path).ok()).flatten();
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Writes a JSON cache file atomically, through a file `next` that is renamed.
///
/// # Errors
/// A file that cannot be written.
pub fn note(what: &impl Serialize, path: &Path, next: &Path) -> io::Result<()> {
    let mut file = File::create(next)?;
    file.write_all(&serde_json::to_vec(what)?)?;
    fs::rename(next, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_a_moment_ago_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("g-1")).unwrap();
        let path = folder.path().join("g-1/a");
        fs::write(&path, "a").unwrap();
        let fingerprint = Fingerprint::of(&path.metadata().unwrap());
        let fingerprints = BTreeMap::from([("a".to_owned(), fingerprint)]);
        let holds = || VerifiedFiles::read(folder.path()).holds("g-1", "a", fingerprint);
        let written = path.metadata().unwrap().modified().unwrap();
        VerifiedFiles::remember(folder.path(), "g-1", &fingerprints, written);
        assert!(!holds());
        VerifiedFiles::remember(folder.path(), "g-1", &fingerprints, written + Duration::from_secs(3));
        assert!(holds());
        fs::write(&path, "b").unwrap();
        let changed = Fingerprint::of(&path.metadata().unwrap());
        assert!(!VerifiedFiles::read(folder.path()).holds("g-1", "a", changed) || changed == fingerprint);
    }

    #[test]
    fn a_tick_is_longer_where_times_are_whole_seconds() {
        let (second, millisecond) = (1_000_000_000, 1_000_000);
        let is_settled = |changed: i64, after_ms: u64| {
            let fingerprint = Fingerprint {
                bytes: 0,
                modified: 0,
                changed,
                inode: 0,
            };
            fingerprint.is_settled(UNIX_EPOCH + Duration::from_nanos(changed as u64) + Duration::from_millis(after_ms))
        };
        assert_eq!([101, 2_001].map(|after| is_settled(5 * second, after)), [false, true]);
        assert_eq!(
            [99, 101].map(|after| is_settled(5 * second + millisecond, after)),
            [false, true]
        );
    }

    #[test]
    fn a_damaged_list_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(VerifiedFiles::FILE), "{\"g").unwrap();
        assert!(VerifiedFiles::read(folder.path()).0.is_empty());
    }
}
