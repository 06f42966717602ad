//! Whether a file is still the one whose digest was taken, told without reading it.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What the file system says of a file. Whoever writes to a file, restores it from a backup or puts another in its place changes
/// it: the time of the last change of the inode cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    pub bytes: u64,
    /// Nanoseconds since 1970.
    modified: i64,
    /// Nanoseconds since 1970; 0 where the system has no such time.
    changed: i64,
    inode: u64,
}

impl Fingerprint {
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

    #[cfg(not(unix))]
    pub fn of(found: &Metadata) -> Self {
        Self {
            bytes: found.len(),
            modified: found.modified().map_or(0, nanos),
            changed: 0,
            inode: 0,
        }
    }

    /// A change within so long of the last one may leave the same time, where the file system tells parts of a second: clocks of
    /// kernels tick every ten milliseconds at the least.
    pub const TICK: Duration = Duration::from_millis(100);
    /// The same where it does not: some tick every two seconds.
    const COARSE_TICK: Duration = Duration::from_secs(2);

    /// Whether the file was left alone for so long before `at` that a change after it cannot have gone unseen.
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

/// The files whose digests were found right, generation by generation, as they were then: `.verified` in the index folder.
///
/// It saves time and nothing else: where it cannot be read or written, every file is digested at every start.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct VerifiedFiles(BTreeMap<String, BTreeMap<String, Fingerprint>>);

impl VerifiedFiles {
    const FILE: &'static str = ".verified";
    pub const NEXT: &'static str = ".verified.next";
    /// Beyond that it is none of ours; a generation has a dozen files.
    const MAX_BYTES: u64 = 1 << 20;

    pub fn read(folder: &Path) -> Self {
        recall(&folder.join(Self::FILE), Self::MAX_BYTES)
    }

    /// Whether a file of a generation is as it was when its digest was right.
    pub fn holds(&self, generation: &str, file: &str, stamp: Fingerprint) -> bool {
        self.0.get(generation).and_then(|files| files.get(file)) == Some(&stamp)
    }

    /// Remembers the files of a generation whose digests have just been taken, but for those changed a moment ago; forgets
    /// generations that are gone.
    pub fn remember(folder: &Path, generation: &str, stamps: &BTreeMap<String, Fingerprint>, at: SystemTime) {
        let mut verified = Self::read(folder);
        let settled = stamps.iter().filter(|(_, stamp)| stamp.is_settled(at));
        let settled: BTreeMap<_, _> = settled.map(|(name, stamp)| (name.clone(), *stamp)).collect();
        if verified.0.get(generation) == Some(&settled) || settled.is_empty() {
            return;
        }
        verified.0.retain(|name, _| folder.join(name).is_dir());
        verified.0.insert(generation.to_owned(), settled);
        // Best effort, as the type says.
        let _ = note(&verified, &folder.join(Self::FILE), &folder.join(Self::NEXT));
    }
}

/// What was noted in a file; nothing where it is missing, damaged or too large to be ours.
pub fn recall<T: DeserializeOwned + Default>(path: &Path, max_bytes: u64) -> T {
    let is_ours = fs::metadata(path).is_ok_and(|found| found.len() <= max_bytes);
    let bytes = is_ours.then(|| fs::read(path).ok()).flatten();
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Notes something in a file, whole or not at all.
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
        let stamp = Fingerprint::of(&path.metadata().unwrap());
        let stamps = BTreeMap::from([("a".to_owned(), stamp)]);
        let holds = || VerifiedFiles::read(folder.path()).holds("g-1", "a", stamp);
        let written = path.metadata().unwrap().modified().unwrap();
        VerifiedFiles::remember(folder.path(), "g-1", &stamps, written);
        assert!(!holds());
        VerifiedFiles::remember(folder.path(), "g-1", &stamps, written + Duration::from_secs(3));
        assert!(holds());
        fs::write(&path, "b").unwrap();
        let changed = Fingerprint::of(&path.metadata().unwrap());
        assert!(!VerifiedFiles::read(folder.path()).holds("g-1", "a", changed) || changed == stamp);
    }

    #[test]
    fn a_tick_is_longer_where_times_are_whole_seconds() {
        let (second, millisecond) = (1_000_000_000, 1_000_000);
        let is_settled = |changed: i64, after_ms: u64| {
            let stamp = Fingerprint {
                bytes: 0,
                modified: 0,
                changed,
                inode: 0,
            };
            stamp.is_settled(UNIX_EPOCH + Duration::from_nanos(changed as u64) + Duration::from_millis(after_ms))
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
