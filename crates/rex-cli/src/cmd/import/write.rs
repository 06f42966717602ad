//! Writes case files atomically, and never replaces a file that a person wrote or edited.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rex_import::{ImportedCase, is_as_imported};

use super::earlier::{EarlierFiles, is_of_table};
use crate::failure::UserError;

/// What was done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileOutcome {
    /// There was no file.
    Written,
    /// The file had the same content.
    Unchanged,
    /// The file was unchanged since an earlier import.
    Replaced,
    /// A person wrote or edited the file.
    Kept,
}

/// Writes the cases of booklets and tables to one folder.
pub(super) struct CaseWriter<'a> {
    folder: &'a Path,
    /// The files of this run.
    taken: HashSet<PathBuf>,
    /// Those of earlier runs, read for the first table.
    earlier: Option<EarlierFiles>,
}

impl<'a> CaseWriter<'a> {
    pub(super) fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            taken: HashSet::new(),
            earlier: None,
        }
    }

    /// Writes each case of a file to one in the folder, which is created if missing.
    pub(super) fn cases(&mut self, cases: &[ImportedCase]) -> Result<Vec<(PathBuf, FileOutcome)>, UserError> {
        let folder = self.folder;
        let cannot = |path: &Path, error: &io::Error| UserError(format!("cannot write {}: {error}", path.display()));
        if folder.exists() && !folder.is_dir() {
            return Err(UserError(format!(
                "{} is not a folder; --out takes the folder for the files",
                folder.display()
            )));
        }
        fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
        let contents: Vec<String> = cases.iter().map(ImportedCase::to_markdown).collect();
        let ids: Vec<&str> = cases.iter().map(|case| case.record.id.as_str()).collect();
        let paths = if contents.first().is_some_and(|content| is_of_table(content)) {
            Some(
                self.table_paths(&ids, &contents)
                    .map_err(|error| cannot(folder, &error))?,
            )
        } else {
            None
        };
        let mut written = Vec::with_capacity(cases.len());
        for (rank, content) in contents.iter().enumerate() {
            let path = match &paths {
                Some(paths) => paths[rank].clone(),
                None => self.path(ids[rank], content).map_err(|error| cannot(folder, &error))?,
            };
            let outcome = write_case(&path, content).map_err(|error| cannot(&path, &error))?;
            self.taken.insert(path.clone());
            written.push((path, outcome));
        }
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| cannot(folder, &error))?;
        Ok(written)
    }

    /// The paths of the cases of a table.
    fn table_paths(&mut self, ids: &[&str], contents: &[String]) -> io::Result<Vec<PathBuf>> {
        let earlier = match self.earlier.take() {
            Some(earlier) => earlier,
            None => EarlierFiles::read(self.folder)?,
        };
        let cases: Vec<(&str, &str)> = ids.iter().copied().zip(contents.iter().map(String::as_str)).collect();
        let paths = self.earlier.insert(earlier).paths(self.folder, &cases, &self.taken);
        Ok(paths)
    }

    /// The files that earlier imports of tables wrote and that no row of this run has.
    pub(super) fn without_row(&self) -> Vec<&Path> {
        self.earlier.iter().flat_map(EarlierFiles::without_row).collect()
    }

    /// The path of a case file: its id, with a number if another booklet has a case with the same id there.
    fn path(&self, id: &str, content: &str) -> io::Result<PathBuf> {
        let names = std::iter::once(format!("{id}.md")).chain((2..).map(|rank| format!("{id}-{rank}.md")));
        for path in names.map(|name| self.folder.join(name)) {
            match fs::read_to_string(&path) {
                Ok(text) if text == content => return Ok(path),
                _ if self.taken.contains(&path) => {}
                Ok(text) if is_as_imported(&text) && origin(&text) != origin(content) => {}
                // A file that a person edited counts as this case: it is kept and reported.
                _ => return Ok(path),
            }
        }
        Err(io::Error::other("no name left"))
    }
}

/// The line of a file that stays the same from one import of a booklet to the next: the title of the publication.
fn origin(text: &str) -> Vec<&str> {
    let source = text.split_once("\nsource:").map_or("", |(_, source)| source);
    let lines = source.lines().skip(1).take_while(|line| line.starts_with(' '));
    lines
        .map(str::trim)
        .filter(|line| line.starts_with("titre:"))
        .take(1)
        .collect()
}

fn write_case(path: &Path, content: &str) -> io::Result<FileOutcome> {
    let outcome = match fs::read(path) {
        Ok(bytes) if bytes == content.as_bytes() => return Ok(FileOutcome::Unchanged),
        Ok(bytes) if std::str::from_utf8(&bytes).is_ok_and(is_as_imported) => FileOutcome::Replaced,
        Ok(_) => return Ok(FileOutcome::Kept),
        Err(error) if error.kind() == io::ErrorKind::NotFound => FileOutcome::Written,
        Err(error) => return Err(error),
    };
    write_atomically(path, content)?;
    Ok(outcome)
}

/// Writes to a temporary file and renames it, so that readers see either the old or the new content. The folder is synced once, at the end.
fn write_atomically(path: &Path, content: &str) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&draft)
        .and_then(|mut file: File| file.write_all(content.as_bytes()))
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // Remove the incomplete file.
        let _ = fs::remove_file(&draft);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_of_another_booklet_has_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let case = |booklet: &str| {
            let labels = rex_corpus::CpvLabels::shipped();
            let text = format!(
                "{booklet}\n\nA\n\nLe besoin\n\nLa Ville de Rennes agit.\n\nLa réponse\n\nL'association Un Nom.\n"
            );
            let found = rex_import::Booklet::read(&text, &labels).unwrap();
            found.cases[0].to_markdown()
        };
        let named = |content: &str| {
            let path = CaseWriter::new(folder.path()).path("a", content).unwrap();
            fs::write(&path, content).unwrap();
            path.file_name().unwrap().to_string_lossy().into_owned()
        };
        assert_eq!(named(&case("Un livret")), "a.md");
        assert_eq!(named(&case("Un autre")), "a-2.md");
        assert_eq!(named(&case("Un livret")), "a.md");
        assert_eq!(named(&case("Un autre")), "a-2.md");
    }

    #[test]
    fn a_file_that_a_person_changed_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        assert_eq!(write_case(&path, "one").unwrap(), FileOutcome::Written);
        assert_eq!(write_case(&path, "one").unwrap(), FileOutcome::Unchanged);
        // A file without a digest counts as edited.
        assert_eq!(write_case(&path, "two").unwrap(), FileOutcome::Kept);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
