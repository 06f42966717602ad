//! Whether the disk has room for what is about to be built.

use rex_corpus::Corpus;

use crate::error::BuildError;
use rex_index::generations::index_dir::IndexDir;
use rex_index::generations::manifest::Manifest;

/// Bytes that a build takes whatever the corpus, for the files around the index.
const LEAST: u64 = 4 << 20;

/// Refuses a build that the disk has no room for.
///
/// # Errors
/// [`BuildError::Space`]; where the system does not say what is free, the build is tried.
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

/// Bytes that a build takes beside the generations there are: `2 * max(2 * corpus, current generation) + 4 MiB`.
///
/// The index of 100,000 contracts has 1.3 times the bytes of their JSON lines; one of short Markdown files may have more, which is
/// what the current generation tells. It is there twice for a moment: as it was written bit by bit, and in one piece.
fn needed(corpus: u64, current: u64) -> u64 {
    corpus
        .saturating_mul(2)
        .max(current)
        .saturating_mul(2)
        .saturating_add(LEAST)
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn what_is_needed_grows_with_the_larger_of_both() {
        assert_eq!(needed(0, 0), 4 << 20);
        assert_eq!(needed(10 << 20, 1 << 20), 44 << 20);
        assert_eq!(needed(1 << 20, 10 << 20), 24 << 20);
        assert_eq!(needed(u64::MAX, 0), u64::MAX);
    }
}
