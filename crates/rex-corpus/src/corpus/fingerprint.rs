use std::fs::{self, File, Metadata};
use std::path::Path;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

/// Adds what shows that a file was changed, without reading it: its size, its times, and whether it can be opened. Restored permissions
/// change one of them.
pub(super) fn add_file(digest: &mut Sha256, name: &str, path: &Path) {
    digest.update((name.len() as u64).to_le_bytes());
    digest.update(name.as_bytes());
    let Ok(found) = fs::metadata(path) else {
        digest.update([0]);
        return;
    };
    // Opening a pipe or a device may block or have an effect.
    let is_readable = found.is_file() && File::open(path).is_ok();
    digest.update([1 + u8::from(is_readable)]);
    digest.update(found.len().to_le_bytes());
    let modified = found.modified().ok();
    let modified = modified.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    digest.update(modified.unwrap_or_default().as_nanos().to_le_bytes());
    add_inode(digest, &found);
}

/// The change time, which programs cannot set, and the inode.
#[cfg(unix)]
fn add_inode(digest: &mut Sha256, found: &Metadata) {
    use std::os::unix::fs::MetadataExt;
    digest.update(found.ctime().to_le_bytes());
    digest.update(found.ctime_nsec().to_le_bytes());
    digest.update(found.ino().to_le_bytes());
}

#[cfg(not(unix))]
fn add_inode(_: &mut Sha256, _: &Metadata) {}
