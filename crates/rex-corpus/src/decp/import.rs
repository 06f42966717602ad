//! From files of any size to one file of native records, each contract once.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::anomaly::DecpProblem;
use super::convert::{Converted, Converter};
use super::stream::{Item, StreamError, read};
use crate::CpvLabels;

/// Refused records that are named; the rest are counted.
const MAX_REFUSED: usize = 1_000;

/// How records are made.
#[derive(Debug)]
pub struct DecpOptions<'a> {
    /// The CPV labels at hand: with the whole list, codes that it does not have are kept out.
    pub labels: &'a CpvLabels,
    /// The last year a contract can be notified in; later ones are typing errors.
    pub last_year: u16,
}

impl<'a> DecpOptions<'a> {
    /// With these labels; contracts of next year are already notified now and then.
    pub fn new(labels: &'a CpvLabels) -> Self {
        let year = time::OffsetDateTime::now_utc().year();
        Self {
            labels,
            last_year: u16::try_from(year + 1).unwrap_or(u16::MAX),
        }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy)]
pub struct DecpProgress {
    /// Records read.
    pub records: u64,
    /// Bytes read, of all files.
    pub bytes: u64,
    /// Bytes of all files.
    pub total_bytes: u64,
}

/// What an import did. `read` is the sum of `written`, `duplicates` and `refused`.
#[derive(Debug, Default)]
pub struct DecpSummary {
    /// The files, in the order given.
    pub files: Vec<DecpFile>,
    /// Records read.
    pub read: u64,
    /// Records in the output.
    pub written: u64,
    /// Records left out because the contract was published again.
    pub duplicates: u64,
    /// Values that are no contract.
    pub refused: u64,
    /// The first of them: file, byte where it ends, reason.
    pub refusals: Vec<String>,
    /// How many records have each kind of problem; a contract published twice counts twice.
    pub problems: BTreeMap<DecpProblem, u64>,
    /// Where the records are; none where there is not one.
    pub output: Option<PathBuf>,
}

impl DecpSummary {
    /// What is wrong with the files that could not be read to their end, a sentence each.
    pub fn broken(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter_map(|file| file.broken.as_deref())
    }
}

/// One file of an import.
#[derive(Debug)]
pub struct DecpFile {
    /// Its path, as given.
    pub path: PathBuf,
    /// Records read of it.
    pub read: u64,
    /// Why it was not read to its end: the file, the byte, and what is wrong.
    pub broken: Option<String>,
}

/// Why an import was not done at all.
#[derive(Debug, thiserror::Error)]
pub enum DecpError {
    /// The output is one of the files to read.
    #[error("{} is to be read and written; name another file with --out", .0.display())]
    OutputIsInput(PathBuf),
    /// The output cannot be written.
    #[error("cannot write {}: {source}", .path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl DecpError {
    /// Whether another output would do, rather than another machine.
    pub fn is_user_input(&self) -> bool {
        use io::ErrorKind::{IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem};
        match self {
            Self::OutputIsInput(_) => true,
            Self::Output { source, .. } => matches!(
                source.kind(),
                IsADirectory | NotADirectory | NotFound | PermissionDenied | ReadOnlyFilesystem
            ),
        }
    }
}

/// Reads DECP files, of 2019 and of 2022, and writes their contracts as JSON lines, one contract once: of two publications with
/// the same buyer, id and object the one published last is kept, of two of one day the one read last.
///
/// Memory holds one record and sixteen bytes for each contract. The output appears whole, or not at all: what it held
/// before stays until then. Where a file cannot be read to its end, what was read of it is kept; where there is an
/// output already, beside it, as `….partial.jsonl`.
///
/// # Errors
/// An output that cannot be written. What is wrong with the files is in the summary.
pub fn import_decp(
    files: &[PathBuf],
    output: &Path,
    options: &DecpOptions<'_>,
    mut progress: impl FnMut(DecpProgress),
) -> Result<DecpSummary, DecpError> {
    let same = |file: &&PathBuf| matches!((file.canonicalize(), output.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if let Some(file) = files.iter().find(same) {
        return Err(DecpError::OutputIsInput(file.clone()));
    }
    let failed = |source| DecpError::Output {
        path: output.to_owned(),
        source,
    };
    let part = beside(output, ".part");
    let mut import = Import {
        lines: Lines::create(&part).map_err(failed)?,
        converter: Converter::new(options.labels, options.last_year),
        summary: DecpSummary::default(),
        done_bytes: 0,
        total_bytes: files
            .iter()
            .filter_map(|file| file.metadata().ok())
            .map(|file| file.len())
            .sum(),
    };
    let done = files
        .iter()
        .try_for_each(|file| import.file(file, &mut progress))
        .and_then(|()| import.finish(output));
    if done.is_err() {
        // What went wrong is worth more than what cannot be tidied.
        let _ = fs::remove_file(&part);
    }
    done.map_err(failed)
}

struct Import<'a> {
    lines: Lines,
    converter: Converter<'a>,
    summary: DecpSummary,
    /// Bytes of the files before the one that is read.
    done_bytes: u64,
    total_bytes: u64,
}

impl Import<'_> {
    fn file(&mut self, path: &Path, progress: &mut dyn FnMut(DecpProgress)) -> io::Result<()> {
        let read_before = self.summary.read;
        let broken = match open(path) {
            Ok(source) => match read(source, |item| self.item(path, item, progress)) {
                Ok(()) => None,
                Err(StreamError::Broken { offset, message }) => Some(format!("byte {offset}: {message}")),
                Err(StreamError::Io { offset, source }) => {
                    Some(format!("cannot be read from byte {offset} on: {source}"))
                }
                Err(StreamError::Visit(error)) => return Err(error),
            },
            Err(reason) => Some(reason),
        };
        let read = self.summary.read - read_before;
        let kept = match read {
            0 => String::new(),
            1 => "; the record before it is kept".to_owned(),
            _ => format!("; the {read} records before it are kept"),
        };
        self.done_bytes += path.metadata().map_or(0, |file| file.len());
        self.summary.files.push(DecpFile {
            path: path.to_owned(),
            read,
            broken: broken.map(|reason| format!("{}: {reason}{kept}", path.display())),
        });
        Ok(())
    }

    fn item(&mut self, path: &Path, item: Item, progress: &mut dyn FnMut(DecpProgress)) -> io::Result<()> {
        let end = item.end;
        self.summary.read += 1;
        match self.converter.convert(item) {
            Ok(converted) => self.lines.write(&converted)?,
            Err(reason) => {
                self.summary.refused += 1;
                if self.summary.refusals.len() < MAX_REFUSED {
                    let place = format!("{}: record {}, before byte {end}", path.display(), self.summary.read);
                    self.summary.refusals.push(format!("{place}: {reason}"));
                }
            }
        }
        progress(DecpProgress {
            records: self.summary.read,
            bytes: self.done_bytes + end,
            total_bytes: self.total_bytes,
        });
        Ok(())
    }

    fn finish(mut self, output: &Path) -> io::Result<DecpSummary> {
        self.summary.problems = self.converter.problems;
        self.summary.written = self.lines.contracts();
        self.summary.duplicates = self.summary.read - self.summary.refused - self.summary.written;
        let is_whole = self.summary.broken().next().is_none();
        let output = if is_whole || !output.exists() {
            output.to_owned()
        } else {
            beside_visible(output)
        };
        if self.summary.written > 0 {
            self.lines.publish(&output)?;
            self.summary.output = Some(output);
        } else {
            self.lines.discard()?;
        }
        Ok(self.summary)
    }
}

/// The lines written so far, and which of them count.
struct Lines {
    path: PathBuf,
    file: BufWriter<File>,
    written: u32,
    /// By hash of what tells a contract from others: the rank of its line, and when it was published. Of imports of two
    /// million contracts, one in ten million has two that share a hash of 64 bits, and takes them for one.
    newest: HashMap<u64, (u32, u32)>,
}

impl Lines {
    fn create(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::new(File::create(path)?),
            written: 0,
            newest: HashMap::new(),
        })
    }

    fn contracts(&self) -> u64 {
        self.newest.len() as u64
    }

    fn write(&mut self, converted: &Converted) -> io::Result<()> {
        serde_json::to_writer(&mut self.file, &converted.record)?;
        self.file.write_all(b"\n")?;
        let published = u32::try_from(converted.published).unwrap_or(u32::MAX);
        let this = (self.written, published);
        let newest = self.newest.entry(converted.key.hash()).or_insert(this);
        if newest.1 <= published {
            *newest = this;
        }
        self.written = self
            .written
            .checked_add(1)
            .ok_or_else(|| io::Error::other("over four billion records"))?;
        Ok(())
    }

    /// Makes the lines that count the output, in one rename.
    fn publish(mut self, output: &Path) -> io::Result<()> {
        self.file.flush()?;
        let has_duplicates = self.newest.len() < self.written as usize;
        let ready = if has_duplicates {
            self.without_duplicates(output)?
        } else {
            self.path.clone()
        };
        File::open(&ready)?.sync_all()?;
        fs::rename(&ready, output)?;
        if has_duplicates {
            fs::remove_file(&self.path)?;
        }
        Ok(())
    }

    /// Copies the lines that count to a file of their own.
    fn without_duplicates(&self, output: &Path) -> io::Result<PathBuf> {
        let mut counts = vec![false; self.written as usize];
        for (rank, _) in self.newest.values() {
            counts[*rank as usize] = true;
        }
        let path = beside(output, ".next");
        let copy = || -> io::Result<()> {
            let mut target = BufWriter::new(File::create(&path)?);
            let mut lines = BufReader::new(File::open(&self.path)?);
            let mut line = Vec::new();
            for counts in &counts {
                line.clear();
                lines.read_until(b'\n', &mut line)?;
                if *counts {
                    target.write_all(&line)?;
                }
            }
            target.flush()
        };
        copy().inspect_err(|_| {
            let _ = fs::remove_file(&path);
        })?;
        Ok(path)
    }

    fn discard(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

/// A hidden file beside another.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{suffix}"))
}

/// `marches.jsonl` gives `marches.partial.jsonl`.
fn beside_visible(path: &Path) -> PathBuf {
    path.with_extension("partial.jsonl")
}

/// Opens a file that looks like JSON; the error says what it is instead.
fn open(path: &Path) -> Result<BufReader<File>, String> {
    const BUFFER: usize = 1 << 16;
    if path.is_dir() {
        return Err("is a folder, expected a DECP file in JSON".to_owned());
    }
    let unreadable = |error: io::Error| format!("cannot be read: {error}");
    let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(unreadable)?);
    let start = file.fill_buf().map_err(unreadable)?;
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    let is_json = |text: &[u8]| text.starts_with("\u{feff}".as_bytes()) || matches!(first, Some(b'{' | b'['));
    let found = match start {
        [] => "is empty",
        [0x1f, 0x8b, ..] | [b'P', b'K', ..] => "is compressed",
        _ if first == Some(&b'<') => "is XML",
        text if is_json(text) => return Ok(file),
        _ => "is not JSON",
    };
    Err(format!("{found}, expected a DECP file in JSON, {{\"marches\": …}}"))
}
