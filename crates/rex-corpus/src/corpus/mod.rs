//! A folder of cases and the sources beside it: finds the files, reads their records, checks that ids are unique.

mod digest;
mod error;
mod files;
mod fingerprint;
mod ids;
mod report;
mod table_note;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use digest::FileDigest;
pub use error::CorpusError;
use files::CorpusFile;
use ids::{Ids, Use};
pub use report::Report;
pub use table_note::TableNote;

use crate::check::problem::Findings;
use crate::read::raw::{self, READER_VERSION, RawRecord};
use crate::record::Record;

/// A folder of cases: its `.md` (or `.markdown`) and `.jsonl` files in path order, subfolders included, and the sources read
/// beside it, files or folders.
///
/// Hidden files and `README.md` are skipped. Links to folders are not followed.
#[derive(Debug)]
pub struct Corpus {
    files: Vec<CorpusFile>,
    tables: Vec<TableNote>,
    /// Files of other kinds that may have front matter, such as `.txt`.
    beside: Vec<PathBuf>,
}

impl Corpus {
    /// Lists the files of a corpus folder.
    ///
    /// # Errors
    /// A folder that is missing, is not a folder, cannot be read, or holds no case.
    pub fn open(folder: &Path) -> Result<Self, CorpusError> {
        Self::open_with(folder, &[])
    }

    /// Lists the files of a corpus folder and of sources beside it: folders, `.md` and `.jsonl` files. With a source the folder may
    /// be empty.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), and a source that is missing, is another kind of file, or is a folder without a case.
    pub fn open_with(folder: &Path, sources: &[PathBuf]) -> Result<Self, CorpusError> {
        let files::Listed { files, tables, beside } = files::list(folder, sources)?;
        Ok(Self { files, tables, beside })
    }

    /// The tables that lie among the cases and are not read.
    pub fn tables(&self) -> &[TableNote] {
        &self.tables
    }

    /// SHA-256 of the file names and contents, in hexadecimal.
    pub fn digest(&self) -> String {
        self.digest_with(|path| FileDigest::of(path).map(|file| file.sha256))
    }

    /// Like [`digest`](Self::digest), with the SHA-256 of each file, in hexadecimal, from `of`, which may cache it.
    pub fn digest_with(&self, mut of: impl FnMut(&Path) -> io::Result<String>) -> String {
        let mut digest = Sha256::new_with_prefix([READER_VERSION]);
        for CorpusFile { path, name } in &self.files {
            digest.update((name.len() as u64).to_le_bytes());
            digest.update(name.as_bytes());
            // `read` reports a file that cannot be read.
            digest.update(of(path).unwrap_or_else(|error| error.to_string()));
        }
        base16ct::lower::encode_string(&digest.finalize())
    }

    /// SHA-256 of the names, sizes and times of the files and whether they can be opened, in hexadecimal; also of the file `beside`, which
    /// may be missing. Reads no file, so a watcher can poll it.
    pub fn fingerprint(&self, beside: &Path) -> String {
        let mut digest = Sha256::new();
        for CorpusFile { path, name } in &self.files {
            fingerprint::add_file(&mut digest, name, path);
        }
        fingerprint::add_file(&mut digest, "", beside);
        base16ct::lower::encode_string(&digest.finalize())
    }

    /// Size of all files in bytes, for a progress bar.
    pub fn bytes(&self) -> u64 {
        self.files
            .iter()
            .filter_map(|file| fs::metadata(&file.path).ok())
            .map(|meta| meta.len())
            .sum()
    }

    /// Reads every record. Passes the valid ones to `visit` with the number of bytes read so far, and reports the problems of the
    /// others and of files that cannot be read.
    ///
    /// Memory: one record, and sixteen bytes for each id.
    ///
    /// # Errors
    /// The error of `visit`; reading stops there.
    pub fn read<E>(&self, mut visit: impl FnMut(Record, u64) -> Result<(), E>) -> Result<Report, E> {
        self.read_with(|record, raw| visit(record, raw.bytes_read()))
    }

    /// Like [`read`](Self::read), with each record also in its raw form.
    ///
    /// # Errors
    /// The error of `visit`; reading stops there.
    pub fn read_with<E>(&self, mut visit: impl FnMut(Record, &RawRecord<'_>) -> Result<(), E>) -> Result<Report, E> {
        let mut report = Report::default();
        let mut ids = Ids::default();
        self.each_of_file(|index, raw| {
            let mut findings = Findings::default();
            let record = raw.check(&mut findings);
            let record = record.filter(|record| match ids.add(&record.id, index, raw.line) {
                Ok(()) => true,
                Err(Use { file, line }) => {
                    let first = format!("{}:{line}", self.files[file as usize].path.display());
                    let message = format!(
                        "duplicate id \"{}\", first used at {first}, expected an id of its own",
                        record.id
                    );
                    findings.problem(raw.path, raw.line, message);
                    false
                }
            });
            report.add(findings);
            let Some(record) = record else { return Ok(()) };
            report.records += 1;
            visit(record, raw)
        })?;
        for path in &self.beside {
            report.add(files::note_beside(path));
        }
        Ok(report)
    }

    /// Passes every raw record to `visit`, valid or not, in the order of [`read`](Self::read).
    ///
    /// # Errors
    /// The error of `visit`; iteration stops there.
    pub fn each<E>(&self, mut visit: impl FnMut(&RawRecord<'_>) -> Result<(), E>) -> Result<(), E> {
        self.each_of_file(|_, raw| visit(raw))
    }

    /// Like [`each`](Self::each), with the index of the file.
    fn each_of_file<E>(&self, mut visit: impl FnMut(usize, &RawRecord<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut before = 0;
        for (index, CorpusFile { path, .. }) in self.files.iter().enumerate() {
            let mut here = 0;
            raw::each(path, before, &mut |raw| {
                here = raw.end;
                visit(index, raw)
            })?;
            before += here;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::report::MAX_PROBLEMS;
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

    #[cfg(unix)]
    #[test]
    fn a_fingerprint_covers_permissions_and_what_only_the_change_time_shows() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, gate) = (folder.path().join("a.md"), folder.path().join("relevance.toml"));
        fs::write(&path, "---\ntitre: A\n---\n").unwrap();
        let mut seen = HashSet::new();
        let mut is_new = || seen.insert(Corpus::open(folder.path()).unwrap().fingerprint(&gate));
        assert!(is_new() && !is_new());
        // Permissions do not stop the superuser, but change the change time for everyone.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        assert!(is_new() && !is_new());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(is_new() && !is_new());
        let modified = path.metadata().unwrap().modified().unwrap();
        fs::write(&path, "---\ntitre: B\n---\n").unwrap();
        fs::File::options()
            .append(true)
            .open(&path)
            .unwrap()
            .set_modified(modified)
            .unwrap();
        assert!(is_new() && !is_new());
        fs::write(&gate, "floor = 1").unwrap();
        assert!(is_new() && !is_new());
    }

    #[test]
    fn the_digest_of_a_record_covers_its_bytes_and_its_file_stem() {
        let folder = tempfile::tempdir().unwrap();
        let digests = |name: &str, content: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            let mut digests = Vec::new();
            let corpus = Corpus::open(path.parent().unwrap()).unwrap();
            corpus
                .each::<()>(|raw| {
                    digests.push((raw.digest(), raw.read().map(|record| record.id), raw.bytes_read()));
                    Ok(())
                })
                .unwrap();
            fs::remove_file(path).unwrap();
            digests
        };
        let case = "---\ntitre: A\n---\n";
        let first = digests("a.md", case);
        assert_eq!(first[0].1.as_deref(), Some("a"));
        assert_eq!(
            digests("sub/a.md", case),
            first,
            "the folder of a case is not part of the digest"
        );
        assert_ne!(digests("b.md", case)[0].0, first[0].0, "its name is its id");
        assert_ne!(digests("a.md", "---\ntitre: B\n---\n")[0].0, first[0].0);

        let line = "{\"id\":\"l\",\"titre\":\"L\"}";
        let lines = digests("l.jsonl", &format!("\n{line}\r\n{line}"));
        assert_eq!((lines.len(), lines[0].0), (2, lines[1].0));
        assert_eq!(lines[1].2, 4 + 2 * line.len() as u64 - 1);
        let wrong = digests("l.jsonl", "{}\n");
        assert!(wrong[0].0.is_some() && wrong[0].1.is_none());
        assert_eq!(digests("l.jsonl", ""), [(None, None, 0)]);
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

    #[test]
    fn sources_are_read_beside_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("corpus")).unwrap();
        fs::create_dir_all(at("autres/2023")).unwrap();
        fs::write(at("autres/2023/a.md"), "---\ntitre: A\n---\n").unwrap();
        fs::write(
            at("marches.jsonl"),
            "{\"id\":\"m\",\"titre\":\"M\"}\n{\"id\":\"a\",\"titre\":\"A\"}\n",
        )
        .unwrap();
        let sources = [at("marches.jsonl"), at("autres"), at("autres/2023")];
        let corpus = Corpus::open_with(&at("corpus"), &sources).unwrap();
        let mut ids = Vec::new();
        let report = corpus.read::<()>(|record, _| {
            ids.push(record.id);
            Ok(())
        });
        let report = report.unwrap();
        assert_eq!(ids, ["m", "a"]);
        let first = format!("duplicate id \"a\", first used at {}:2", at("marches.jsonl").display());
        assert_eq!(report.problems.len(), 1, "a file that two sources hold is read once");
        assert!(
            report.problems[0].to_string().contains(&first),
            "{}",
            report.problems[0]
        );
        let before = corpus.digest();
        fs::write(at("autres/2023/a.md"), "---\ntitre: B\n---\n").unwrap();
        assert_ne!(before, corpus.digest());
    }

    #[test]
    fn says_why_a_source_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("corpus")).unwrap();
        fs::create_dir_all(at("vide")).unwrap();
        fs::write(at("decp.json"), "{}").unwrap();
        fs::write(at("liste.csv"), "").unwrap();
        fs::write(at("image.png"), "").unwrap();
        for (name, expected) in [
            ("rien.jsonl", "no source at "),
            ("vide", "holds no case; add a .md or .jsonl file"),
            (
                "decp.json",
                "is raw JSON; run `rex import decp` and name the .jsonl it writes",
            ),
            ("liste.csv", "is a table; run `rex import table "),
            ("image.png", "`sources` takes folders, .md and .jsonl files"),
        ] {
            let error = Corpus::open_with(&at("corpus"), &[at(name)]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
