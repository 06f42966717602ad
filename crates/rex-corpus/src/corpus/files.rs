//! Finds the files of a corpus.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::CorpusError;
use super::table_note::{TableNote, is_table};
use crate::read::raw::{has_extension, is_jsonl};

/// A file of a corpus.
#[derive(Debug)]
pub(crate) struct CorpusFile {
    pub(crate) path: PathBuf,
    /// Index of the folder or source, and the path within it. The digest uses this name, so that moving the whole corpus does not
    /// change it.
    pub(crate) name: String,
}

/// The files of a corpus folder and of its sources, each in path order, and the tables among them. A file that two of them hold is
/// listed once, at its first place.
///
/// # Errors
/// A folder or source that cannot be read or does not exist, a source without a case, and a corpus without any.
pub(crate) fn list(folder: &Path, sources: &[PathBuf]) -> Result<(Vec<CorpusFile>, Vec<TableNote>), CorpusError> {
    if !folder.exists() {
        return Err(CorpusError::Missing(folder.to_owned()));
    }
    if !folder.is_dir() {
        return Err(CorpusError::NotAFolder(folder.to_owned()));
    }
    let mut roots = vec![in_folder(folder)?];
    for source in sources {
        roots.push(in_source(source)?);
    }
    let (mut files, mut tables) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (
        index,
        Root {
            path: root,
            files: paths,
            tables: beside,
        },
    ) in roots.into_iter().enumerate()
    {
        tables.extend(beside.into_iter().map(|path| TableNote { path }));
        for path in paths {
            if seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
                let within = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy();
                files.push(CorpusFile {
                    name: format!("{index}/{within}"),
                    path,
                });
            }
        }
    }
    if files.is_empty() {
        return Err(match tables.into_iter().next() {
            Some(table) => CorpusError::OnlyTable(folder.to_owned(), table.path),
            None => CorpusError::Empty(folder.to_owned()),
        });
    }
    Ok((files, tables))
}

/// A folder or source, and the case files and tables below it.
struct Root {
    path: PathBuf,
    files: Vec<PathBuf>,
    tables: Vec<PathBuf>,
}

fn in_folder(folder: &Path) -> Result<Root, CorpusError> {
    let mut root = Root {
        path: folder.to_owned(),
        files: Vec::new(),
        tables: Vec::new(),
    };
    walk(folder, &mut root)?;
    root.files.sort();
    root.tables.sort();
    Ok(root)
}

fn in_source(source: &Path) -> Result<Root, CorpusError> {
    let named = || source.to_owned();
    if !source.exists() {
        return Err(CorpusError::NoSource(named()));
    }
    if source.is_dir() {
        return match in_folder(source)? {
            root if root.files.is_empty() => Err(CorpusError::EmptySource(named())),
            root => Ok(root),
        };
    }
    if has_extension(source, &["json"]) {
        return Err(CorpusError::RawJson(named()));
    }
    if is_table(source) {
        return Err(CorpusError::Table(named()));
    }
    if !is_case_file(source) {
        return Err(CorpusError::NotASource(named()));
    }
    let root = source.parent().unwrap_or(Path::new(""));
    Ok(Root {
        path: root.to_owned(),
        files: vec![named()],
        tables: Vec::new(),
    })
}

/// Adds the case files and tables of a folder and of its subfolders. Links to folders are not followed: they may form a loop.
fn walk(folder: &Path, root: &mut Root) -> Result<(), CorpusError> {
    for entry in fs::read_dir(folder).map_err(|source| CorpusError::io(folder, source))? {
        let entry = entry.map_err(|source| CorpusError::io(folder, source))?;
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "README.md" {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, root)?;
        } else if is_case_file(&path) {
            root.files.push(path);
        } else if is_table(&path) {
            root.tables.push(path);
        }
    }
    Ok(())
}

/// Whether a file may hold cases, by its name. Folders, pipes and devices do not. A dangling link does; reading it gives a problem.
fn is_case_file(path: &Path) -> bool {
    let is_special = path.metadata().is_ok_and(|found| !found.is_file());
    !is_special && (has_extension(path, &["md", "markdown"]) || is_jsonl(path))
}
