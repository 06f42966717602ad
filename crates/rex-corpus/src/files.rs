//! Which files a corpus is made of.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::corpus::CorpusError;

/// A file of a corpus.
#[derive(Debug)]
pub(crate) struct CorpusFile {
    pub(crate) path: PathBuf,
    /// The rank of the place it was found in, and its path within: what the digest knows it by, so that moving the whole
    /// changes nothing.
    pub(crate) name: String,
}

/// The files of a corpus folder and of its sources, those of a place in the order of their paths; one that two places
/// hold is read where it comes first.
///
/// # Errors
/// A place that cannot be read or is none, a source without a case, and a corpus without any.
pub(crate) fn list(folder: &Path, sources: &[PathBuf]) -> Result<Vec<CorpusFile>, CorpusError> {
    if !folder.exists() {
        return Err(CorpusError::Missing(folder.to_owned()));
    }
    if !folder.is_dir() {
        return Err(CorpusError::NotAFolder(folder.to_owned()));
    }
    let mut places = vec![in_folder(folder)?];
    for source in sources {
        places.push(in_source(source)?);
    }
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    for (rank, (root, paths)) in places.into_iter().enumerate() {
        for path in paths {
            if seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
                let within = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy();
                files.push(CorpusFile {
                    name: format!("{rank}/{within}"),
                    path,
                });
            }
        }
    }
    if files.is_empty() {
        return Err(CorpusError::Empty(folder.to_owned()));
    }
    Ok(files)
}

/// A place, and the files found there.
type Place = (PathBuf, Vec<PathBuf>);

fn in_folder(folder: &Path) -> Result<Place, CorpusError> {
    let mut paths = Vec::new();
    walk(folder, &mut paths)?;
    paths.sort();
    Ok((folder.to_owned(), paths))
}

fn in_source(source: &Path) -> Result<Place, CorpusError> {
    let named = || source.to_owned();
    if !source.exists() {
        return Err(CorpusError::NoSource(named()));
    }
    if source.is_dir() {
        return match in_folder(source)? {
            (_, paths) if paths.is_empty() => Err(CorpusError::EmptySource(named())),
            place => Ok(place),
        };
    }
    if has_extension(source, &["json"]) {
        return Err(CorpusError::RawJson(named()));
    }
    if !is_case_file(source) {
        return Err(CorpusError::NotASource(named()));
    }
    let root = source.parent().unwrap_or(Path::new(""));
    Ok((root.to_owned(), vec![named()]))
}

/// Adds the files of a folder and of those within it; a link to a folder could lead back here, and is not followed.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), CorpusError> {
    for entry in fs::read_dir(folder).map_err(|source| CorpusError::io(folder, source))? {
        let entry = entry.map_err(|source| CorpusError::io(folder, source))?;
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "README.md" {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, files)?;
        } else if is_case_file(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a file may hold cases, by its name. Folders, pipes and devices do not; a link that leads nowhere is a file that
/// cannot be read.
fn is_case_file(path: &Path) -> bool {
    let is_special = path.metadata().is_ok_and(|found| !found.is_file());
    !is_special && (has_extension(path, &["md", "markdown"]) || is_jsonl(path))
}

pub(crate) fn is_jsonl(path: &Path) -> bool {
    has_extension(path, &["jsonl"])
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let found = path.extension().unwrap_or_default();
    extensions.iter().any(|extension| found.eq_ignore_ascii_case(extension))
}
