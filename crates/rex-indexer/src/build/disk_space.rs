//! Checks the free disk space before a build.

use rex_corpus::Corpus;

use crate::error::BuildError;
use rex_index::generations::index_dir::IndexDir;
use rex_index::generations::manifest::Manifest;

/// Bytes that any build needs, for the files around the index.
const BASE: u64 = 4 << 20;

/// Refuses a build that the disk has no room for. If the system does not report the free space, the build is tried.
///
/// # Errors
/// [`BuildError::Space`].
pub(crate) fn check(folder: &IndexDir, corpus: &Corpus) -> Result<(), BuildError> {
    let current = folder
        .current_name()
        .and_then(|name| Manifest::read(&folder.path().join(name)).ok());
    let needed = needed(corpus.bytes(), current.map_or(0, |manifest| manifest.bytes()));
    match fs4::available_space(folder.path()) {
        Ok(free) if free < needed => Err(BuildError::Space {
            folder: folder.path().to_owned(),
            needed,
            free,
        }),
        _ => Ok(()),
    }
}

/// Estimated bytes of a build beside the existing generations: `2 * max(2 * corpus, current generation) + 4 MiB`.
///
/// The index of 100,000 contracts is 1.3 times as large as their JSON lines. One of short Markdown files may be larger, hence the current
/// generation. The index exists twice for a moment, as its parts and as the merged segment.
fn needed(corpus: u64, current: u64) -> u64 {
    corpus
        .saturating_mul(2)
        .max(current)
        .saturating_mul(2)
        .saturating_add(BASE)
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn the_estimate_grows_with_the_larger_of_both() {
        assert_eq!(needed(0, 0), 4 << 20);
        assert_eq!(needed(10 << 20, 1 << 20), 44 << 20);
        assert_eq!(needed(1 << 20, 10 << 20), 24 << 20);
        assert_eq!(needed(u64::MAX, 0), u64::MAX);
    }
}
