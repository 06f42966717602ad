//! Finds the files of a corpus.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::CorpusError;
use super::table_note::{TableNote, is_table};
use crate::check::problem::Findings;
use crate::markdown::front_matter::has_fence;
use crate::read::raw::{has_extension, is_jsonl};
use crate::regular_file::open_regular;

/// Extensions of files that other programs write with front matter. Rex does not read them.
const BESIDE: [&str; 2] = ["mdx", "txt"];
/// Files of other kinds that are looked at; the rest is passed over.
const MAX_BESIDE: usize = 1_000;

/// A file of a corpus.
#[derive(Debug)]
pub(crate) struct CorpusFile {
    pub(crate) path: PathBuf,
    /// Index of the folder or source, and the path within it. The digest uses this name, so that moving the whole corpus does not
    /// change it.
    pub(crate) name: String,
}

/// The files that a corpus lists.
pub(crate) struct Listed {
    pub(crate) files: Vec<CorpusFile>,
    /// The tables among them, which are not read.
    pub(crate) tables: Vec<TableNote>,
    /// Files of other kinds that may have front matter.
    pub(crate) beside: Vec<PathBuf>,
}

/// The files of a corpus folder and of its sources, each in path order. A file that two of them hold is listed once, at its first
/// place.
///
/// # Errors
/// A folder or source that cannot be read or does not exist, a source without a case, and a corpus without any.
pub(crate) fn list(folder: &Path, sources: &[PathBuf]) -> Result<Listed, CorpusError> {
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
    let (mut files, mut tables, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (
        index,
        Root {
            path: root,
            files: paths,
            tables: found,
            beside: others,
        },
    ) in roots.into_iter().enumerate()
    {
        tables.extend(found.into_iter().map(|path| TableNote { path }));
        beside.extend(others);
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
    beside.truncate(MAX_BESIDE);
    Ok(Listed { files, tables, beside })
}

/// The note on a file of another kind with front matter. None for another file.
pub(crate) fn note_beside(path: &Path) -> Findings {
    /// Front matter begins here, after blank lines.
    const LOOKED_AT: u64 = 1_024;
    let mut findings = Findings::default();
    let mut start = Vec::new();
    let read = open_regular(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut start));
    if read.is_ok() && has_fence(&String::from_utf8_lossy(&start)) {
        findings.note(
            path,
            1,
            "not read, although it has front matter; give it the extension .md if it is a case",
        );
    }
    findings
}

/// A folder or source, and the case files and tables below it.
struct Root {
    path: PathBuf,
    files: Vec<PathBuf>,
    tables: Vec<PathBuf>,
    beside: Vec<PathBuf>,
}

fn in_folder(folder: &Path) -> Result<Root, CorpusError> {
    let mut root = Root {
        path: folder.to_owned(),
        files: Vec::new(),
        tables: Vec::new(),
        beside: Vec::new(),
    };
    walk(folder, &mut root)?;
    root.files.sort();
    root.tables.sort();
    root.beside.sort();
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
        beside: Vec::new(),
    })
}

/// Adds the case files of a folder and of its subfolders, and the files of other kinds beside them. Links to folders are not followed:
/// they may form a loop.
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
        } else if has_extension(&path, &BESIDE) {
            root.beside.push(path);
        }
    }
    Ok(())
}

/// Whether a file may hold cases, by its name. Folders, pipes and devices do not. A dangling link does; reading it gives a problem.
fn is_case_file(path: &Path) -> bool {
    let is_special = path.metadata().is_ok_and(|found| !found.is_file());
    !is_special && (has_extension(path, &["md", "markdown"]) || is_jsonl(path))
}
