use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::digest::FileDigest;
use crate::jsonl::Place;
use crate::problem::Problem;
use crate::record::Record;
use crate::{jsonl, markdown};

/// A case is a few pages; a file above this is not one.
const MAX_MARKDOWN_BYTES: u64 = 1 << 20;
/// Problems kept for the report; the rest are counted.
const MAX_PROBLEMS: usize = 1_000;

/// A folder of cases: its `.md` (or `.markdown`) and `.jsonl` files, in the order of their paths, subfolders included.
///
/// Hidden files, `README.md` and what links to folders stand for are not part of it.
#[derive(Debug)]
pub struct Corpus {
    folder: PathBuf,
    files: Vec<PathBuf>,
}

/// Why a folder cannot be read as a corpus.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// There is no such folder.
    #[error("no corpus folder at {}; create it, or name another with --corpus", .0.display())]
    Missing(PathBuf),
    /// The path names something else.
    #[error("{} is not a folder; --corpus takes the folder that holds the cases", .0.display())]
    NotAFolder(PathBuf),
    /// No case in it.
    #[error("the corpus folder {} holds no case; add a .md file with front matter, or a .jsonl file", .0.display())]
    Empty(PathBuf),
    /// The operating system refused.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// What was being read.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What reading a corpus gave.
#[derive(Debug, Default)]
pub struct Report {
    /// How many records were right.
    pub records: u64,
    /// What is wrong, in the order of the files, a thousand at most.
    pub problems: Vec<Problem>,
    /// How many more problems there are.
    pub omitted: u64,
}

impl Report {
    /// How many problems there are in all.
    pub fn problem_count(&self) -> u64 {
        self.problems.len() as u64 + self.omitted
    }

    fn add(&mut self, problems: Vec<Problem>) {
        let room = MAX_PROBLEMS - self.problems.len();
        self.omitted += problems.len().saturating_sub(room) as u64;
        self.problems.extend(problems.into_iter().take(room));
    }
}

impl Corpus {
    /// Lists the files of a corpus folder.
    ///
    /// # Errors
    /// A folder that is missing, is not a folder, cannot be read, or holds no case.
    pub fn open(folder: &Path) -> Result<Self, CorpusError> {
        if !folder.exists() {
            return Err(CorpusError::Missing(folder.to_owned()));
        }
        if !folder.is_dir() {
            return Err(CorpusError::NotAFolder(folder.to_owned()));
        }
        let mut files = Vec::new();
        list(folder, &mut files)?;
        if files.is_empty() {
            return Err(CorpusError::Empty(folder.to_owned()));
        }
        files.sort();
        Ok(Self {
            folder: folder.to_owned(),
            files,
        })
    }

    /// Changes when a file of the corpus changes, appears, disappears or is renamed: SHA-256, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for path in &self.files {
            let name = path.strip_prefix(&self.folder).unwrap_or(path).to_string_lossy();
            digest.update((name.len() as u64).to_le_bytes());
            digest.update(name.as_bytes());
            // A file that cannot be read is a problem for `read` to report.
            digest.update(FileDigest::of(path).map_or_else(|error| error.to_string(), |file| file.sha256));
        }
        base16ct::lower::encode_string(&digest.finalize())
    }

    /// How many bytes the files hold, for a progress bar.
    pub fn bytes(&self) -> u64 {
        self.files
            .iter()
            .filter_map(|path| fs::metadata(path).ok())
            .map(|meta| meta.len())
            .sum()
    }

    /// Reads every record, giving each valid one to `visit` with the bytes of the corpus read so far, and says what is
    /// wrong with the others, files that cannot be read among them.
    ///
    /// Memory holds one record and the ids of all.
    ///
    /// # Errors
    /// Whatever `visit` gives: reading stops there.
    pub fn read<E>(&self, mut visit: impl FnMut(Record, u64) -> Result<(), E>) -> Result<Report, E> {
        let mut report = Report::default();
        let mut ids = Ids::default();
        let mut read_before = 0;
        for (index, path) in self.files.iter().enumerate() {
            let mut read_here = 0;
            read_file(path, &mut |place, record, mut problems| {
                read_here = place.end;
                let record = record.filter(|record| match ids.add(&record.id, index, place.line) {
                    Ok(()) => true,
                    Err((file, line)) => {
                        let first = format!("{}:{line}", self.files[file].display());
                        let message = format!(
                            "duplicate id \"{}\", first used at {first}, expected an id of its own",
                            record.id
                        );
                        problems.push(Problem::at(path, place.line, message));
                        false
                    }
                });
                report.add(problems);
                let Some(record) = record else { return Ok(()) };
                report.records += 1;
                visit(record, read_before + read_here)
            })?;
            read_before += read_here;
        }
        Ok(report)
    }
}

type Take<'a, E> = dyn FnMut(Place, Option<Record>, Vec<Problem>) -> Result<(), E> + 'a;

fn read_file<E>(path: &Path, take: &mut Take<'_, E>) -> Result<(), E> {
    let refused = |error: io::Error| vec![Problem::at(path, 1, format!("cannot be read: {error}"))];
    let place = |end| Place { line: 1, end };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return take(place(0), None, refused(error)),
    };
    if is_jsonl(path) {
        return jsonl::read(path, BufReader::new(file), take);
    }
    let mut bytes = Vec::new();
    if let Err(error) = file.take(MAX_MARKDOWN_BYTES + 1).read_to_end(&mut bytes) {
        return take(place(0), None, refused(error));
    }
    let mut problems = Vec::new();
    let record = match std::str::from_utf8(&bytes) {
        _ if bytes.len() as u64 > MAX_MARKDOWN_BYTES => {
            let message = format!("a file of over {MAX_MARKDOWN_BYTES} bytes, expected one case");
            problems.push(Problem::at(path, 1, message));
            None
        }
        Ok(text) => markdown::read(path, text, &mut problems),
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            let message = "not UTF-8, expected the file in that encoding; save it again as UTF-8";
            problems.push(Problem::at(path, line, message));
            None
        }
    };
    take(place(bytes.len() as u64), record, problems)
}

/// Every id seen, with where it was first used.
#[derive(Default)]
struct Ids(HashMap<String, (usize, usize)>);

impl Ids {
    fn add(&mut self, id: &str, file: usize, line: usize) -> Result<(), (usize, usize)> {
        match self.0.entry(id.to_owned()) {
            Entry::Occupied(first) => Err(*first.get()),
            Entry::Vacant(free) => {
                free.insert((file, line));
                Ok(())
            }
        }
    }
}

/// Adds the files of a folder and of those within it; a link to a folder could lead back here, and is not followed.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), CorpusError> {
    for entry in fs::read_dir(folder).map_err(|source| io_error(folder, source))? {
        let entry = entry.map_err(|source| io_error(folder, source))?;
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "README.md" {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            list(&path, files)?;
        } else if (is_markdown(&path) || is_jsonl(&path)) && !is_special(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_markdown(path: &Path) -> bool {
    has_extension(path, &["md", "markdown"])
}

fn is_jsonl(path: &Path) -> bool {
    has_extension(path, &["jsonl"])
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let found = path.extension().unwrap_or_default();
    extensions.iter().any(|extension| found.eq_ignore_ascii_case(extension))
}

/// Folders, pipes and devices; a link that leads nowhere is a file that cannot be read.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file())
}

fn io_error(path: &Path, source: io::Error) -> CorpusError {
    CorpusError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &[u8])]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let mut ids = Vec::new();
        let report = Corpus::open(folder.path())
            .unwrap()
            .read::<()>(|record, _| {
                ids.push(record.id);
                Ok(())
            })
            .unwrap();
        let prefix = format!("{}/", folder.path().display());
        let problems = report
            .problems
            .iter()
            .map(|problem| problem.to_string().replace(&prefix, ""))
            .collect();
        (ids, problems)
    }

    #[test]
    fn reads_both_formats_and_reports_across_files() {
        let (ids, problems) = read(&[
            ("a.md", b"---\ntitre: A\n---\n"),
            ("b.md", b"---\ntitre: B\nprocedure: \xff\n---\n"),
            ("c.md", b""),
            (
                "d.jsonl",
                b"{\"id\":\"a\",\"titre\":\"again\"}\n{\"id\":\"e\",\"titre\":\"E\"}\n",
            ),
            ("sub/f.MD", b"---\ntitre: F\ncpvv: 1\n---\n"),
            ("README.md", b"not a case"),
            (".hidden.md", b"not a case"),
            ("z.jsonl", b""),
        ]);
        assert_eq!(ids, ["a", "e"]);
        assert_eq!(
            problems,
            [
                "b.md:3: not UTF-8, expected the file in that encoding; save it again as UTF-8",
                "c.md:1: the file is empty, expected front matter between two lines \"---\", then the text",
                "d.jsonl:1: duplicate id \"a\", first used at a.md:1, expected an id of its own",
                "sub/f.MD:3: unknown key \"cpvv\", the nearest is \"cpv\"",
                "z.jsonl:1: the file is empty, expected one JSON object a line",
            ]
        );
    }

    #[test]
    fn keeps_a_bounded_number_of_problems() {
        let lines = "{}\n".repeat(MAX_PROBLEMS);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.jsonl"), lines).unwrap();
        let report = Corpus::open(folder.path()).unwrap().read::<()>(|_, _| Ok(())).unwrap();
        assert_eq!(report.problems.len(), MAX_PROBLEMS);
        assert_eq!(report.problem_count(), 2 * MAX_PROBLEMS as u64);
    }

    #[test]
    fn digest_follows_names_and_contents() {
        let folder = tempfile::tempdir().unwrap();
        let digest = || Corpus::open(folder.path()).unwrap().digest();
        fs::write(folder.path().join("a.md"), "x").unwrap();
        let first = digest();
        assert_eq!(first, digest());
        fs::write(folder.path().join("a.md"), "y").unwrap();
        let second = digest();
        fs::rename(folder.path().join("a.md"), folder.path().join("b.md")).unwrap();
        assert!(first != second && second != digest());
    }

    #[test]
    fn says_why_a_folder_is_no_corpus() {
        let folder = tempfile::tempdir().unwrap();
        let error = |path: &Path| Corpus::open(path).unwrap_err().to_string();
        assert!(error(&folder.path().join("x")).starts_with("no corpus folder at "));
        assert!(error(folder.path()).contains("holds no case"));
        fs::write(folder.path().join("f"), "").unwrap();
        assert!(error(&folder.path().join("f")).contains("is not a folder"));
    }
}
