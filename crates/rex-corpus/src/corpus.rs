use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::jsonl::Place;
use crate::problem::Problem;
use crate::record::Record;
use crate::{jsonl, markdown};

/// Folders within folders; deeper is a loop of links.
const MAX_DEPTH: usize = 8;
/// A case is a few pages; a file above this is not one.
const MAX_MARKDOWN_BYTES: u64 = 1 << 20;
/// Problems kept for the report; the rest are counted.
const MAX_PROBLEMS: usize = 1_000;

/// A folder of cases: its `.md` and `.jsonl` files, in the order of their paths, subfolders included.
///
/// Hidden files and `README.md` are not part of it.
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

impl From<io::Error> for CorpusError {
    fn from(source: io::Error) -> Self {
        Self::Io {
            path: PathBuf::new(),
            source,
        }
    }
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
        list(folder, 0, &mut files)?;
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
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn digest(&self) -> Result<String, CorpusError> {
        let mut digest = Sha256::new();
        for path in &self.files {
            let name = path.strip_prefix(&self.folder).unwrap_or(path).to_string_lossy();
            let mut content = Sha256::new();
            let mut file = File::open(path).map_err(|source| io_error(path, source))?;
            io::copy(&mut file, &mut HashWriter(&mut content)).map_err(|source| io_error(path, source))?;
            digest.update((name.len() as u64).to_le_bytes());
            digest.update(name.as_bytes());
            digest.update(content.finalize());
        }
        Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
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
    /// wrong with the others.
    ///
    /// Memory holds one record and the ids of all.
    ///
    /// # Errors
    /// A file that cannot be read, and whatever `visit` gives: reading stops there.
    pub fn read<E: From<CorpusError>>(&self, mut visit: impl FnMut(Record, u64) -> Result<(), E>) -> Result<Report, E> {
        let mut report = Report::default();
        let mut ids = Ids::default();
        let mut read_before = 0;
        for (index, path) in self.files.iter().enumerate() {
            let mut read_here = 0;
            let mut take = |place: Place, record: Option<Record>, mut problems: Vec<Problem>| {
                let line = place.line;
                read_here = place.end;
                let record = record.filter(|record| match ids.add(&record.id, index, line) {
                    Ok(()) => true,
                    Err((file, first)) => {
                        let first = format!("{}:{first}", self.files[file].display());
                        let message = format!(
                            "duplicate id \"{}\", first used at {first}, expected an id of its own",
                            record.id
                        );
                        problems.push(Problem::at(path, line, message));
                        false
                    }
                });
                report.add(problems);
                match record {
                    Some(record) => {
                        report.records += 1;
                        visit(record, read_before + place.end).map_err(Stop::Visitor)
                    }
                    None => Ok(()),
                }
            };
            read_file(path, &mut take).map_err(|stop| match stop {
                Stop::Io(source) => io_error(path, source).into(),
                Stop::Visitor(error) => error,
            })?;
            read_before += read_here;
        }
        Ok(report)
    }
}

/// Why reading a file stopped.
enum Stop<E> {
    Io(io::Error),
    Visitor(E),
}

impl<E> From<io::Error> for Stop<E> {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

type Take<'a, E> = dyn FnMut(Place, Option<Record>, Vec<Problem>) -> Result<(), Stop<E>> + 'a;

fn read_file<E>(path: &Path, take: &mut Take<'_, E>) -> Result<(), Stop<E>> {
    let file = File::open(path)?;
    if path.extension().is_some_and(|extension| extension == "jsonl") {
        return jsonl::read(path, BufReader::new(file), take);
    }
    let mut bytes = Vec::new();
    file.take(MAX_MARKDOWN_BYTES + 1).read_to_end(&mut bytes)?;
    let end = bytes.len() as u64;
    let place = Place { line: 1, end };
    if end > MAX_MARKDOWN_BYTES {
        let message = format!("a file of over {MAX_MARKDOWN_BYTES} bytes, expected one case");
        return take(place, None, vec![Problem::at(path, 1, message)]);
    }
    let mut problems = Vec::new();
    let record = match std::str::from_utf8(&bytes) {
        Ok(text) => markdown::read(path, text, &mut problems),
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            problems.push(Problem::at(
                path,
                line,
                "not UTF-8, expected the file in that encoding; save it again as UTF-8",
            ));
            None
        }
    };
    take(place, record, problems)
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

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), CorpusError> {
    if depth > MAX_DEPTH {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(|source| io_error(folder, source))? {
        let path = entry.map_err(|source| io_error(folder, source))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "README.md" {
            continue;
        }
        if path.is_dir() {
            list(&path, depth + 1, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "md" || extension == "jsonl")
        {
            files.push(path);
        }
    }
    Ok(())
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
            .read::<CorpusError>(|record, _| {
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
            ("sub/f.md", b"---\ntitre: F\ncpvv: 1\n---\n"),
            ("README.md", b"not a case"),
            (".hidden.md", b"not a case"),
        ]);
        assert_eq!(ids, ["a", "e"]);
        assert_eq!(
            problems,
            [
                "b.md:3: not UTF-8, expected the file in that encoding; save it again as UTF-8",
                "c.md:1: the file is empty, expected front matter between two lines \"---\", then the text",
                "d.jsonl:1: duplicate id \"a\", first used at a.md:1, expected an id of its own",
                "sub/f.md:3: unknown key \"cpvv\", the nearest is \"cpv\"",
            ]
        );
    }

    #[test]
    fn keeps_a_bounded_number_of_problems() {
        let lines = "{}\n".repeat(MAX_PROBLEMS);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.jsonl"), lines).unwrap();
        let report = Corpus::open(folder.path())
            .unwrap()
            .read::<CorpusError>(|_, _| Ok(()))
            .unwrap();
        assert_eq!(report.problems.len(), MAX_PROBLEMS);
        assert_eq!(report.problem_count(), 2 * MAX_PROBLEMS as u64);
    }

    #[test]
    fn digest_follows_names_and_contents() {
        let folder = tempfile::tempdir().unwrap();
        let digest = || Corpus::open(folder.path()).unwrap().digest().unwrap();
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
