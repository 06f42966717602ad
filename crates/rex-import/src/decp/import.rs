//! From files of any size to one file of native records, each contract once.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::anomaly::DecpProblem;
use super::convert::{Converted, Converter};
use super::stream::{Item, StreamError, read};
use rex_corpus::CpvLabels;

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
    /// `progress` asked for it.
    #[error("the import was stopped; nothing was written")]
    Stopped,
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
            Self::OutputIsInput(_) | Self::Stopped => true,
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
/// Memory holds one record and some thirty bytes for each contract. The output appears whole, or not at all: what it held
/// before stays until then. Where a file cannot be read to its end, what was read of it is kept; where there is an
/// output already, beside it, as `….partial.jsonl`.
///
/// `progress` is told of every record, and can end the import.
///
/// # Errors
/// An output that cannot be written, and an import that was ended. What is wrong with the files is in the summary.
pub fn import_decp(
    files: &[PathBuf],
    output: &Path,
    options: &DecpOptions<'_>,
    mut progress: impl FnMut(DecpProgress) -> ControlFlow<()>,
) -> Result<DecpSummary, DecpError> {
    let same = |file: &&PathBuf| matches!((file.canonicalize(), output.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if let Some(file) = files.iter().find(same) {
        return Err(DecpError::OutputIsInput(file.clone()));
    }
    let mut is_stopped = false;
    // What a link leads to is replaced, not the link.
    let target = output.canonicalize().unwrap_or_else(|_| output.to_owned());
    let mut run = || {
        let mut import = Import {
            lines: Lines::create(&target)?,
            converter: Converter::new(options.labels, options.last_year),
            summary: DecpSummary::default(),
            file_read: 0,
            done_bytes: 0,
            total_bytes: files
                .iter()
                .filter_map(|file| file.metadata().ok())
                .map(|file| file.len())
                .sum(),
        };
        let mut go_on = |said| match progress(said) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => {
                is_stopped = true;
                Err(io::ErrorKind::Interrupted.into())
            }
        };
        for file in files {
            import.file(file, &mut go_on)?;
        }
        import.finish(output, &target)
    };
    run().map_err(|source| match is_stopped {
        true => DecpError::Stopped,
        false => DecpError::Output {
            path: output.to_owned(),
            source,
        },
    })
}

/// Is told how far the import is; an error ends it.
type GoOn<'a> = dyn FnMut(DecpProgress) -> io::Result<()> + 'a;

struct Import<'a> {
    lines: Lines,
    converter: Converter<'a>,
    summary: DecpSummary,
    /// Records read of the file that is read.
    file_read: u64,
    /// Bytes of the files before the one that is read.
    done_bytes: u64,
    total_bytes: u64,
}

impl Import<'_> {
    fn file(&mut self, path: &Path, progress: &mut GoOn<'_>) -> io::Result<()> {
        self.file_read = 0;
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
        let read = self.file_read;
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

    fn item(&mut self, path: &Path, item: Item, progress: &mut GoOn<'_>) -> io::Result<()> {
        let end = item.end;
        self.summary.read += 1;
        self.file_read += 1;
        match self.converter.convert(item) {
            Ok(converted) => self.lines.write(&converted)?,
            Err(reason) => {
                self.summary.refused += 1;
                if self.summary.refusals.len() < MAX_REFUSED {
                    let place = format!("{}: record {}, before byte {end}", path.display(), self.file_read);
                    self.summary.refusals.push(format!("{place}: {reason}"));
                }
            }
        }
        progress(DecpProgress {
            records: self.summary.read,
            bytes: self.done_bytes + end,
            total_bytes: self.total_bytes,
        })
    }

    fn finish(mut self, output: &Path, target: &Path) -> io::Result<DecpSummary> {
        self.summary.problems = self.converter.problems;
        self.summary.written = self.lines.contracts();
        self.summary.duplicates = self.summary.read - self.summary.refused - self.summary.written;
        let is_whole = self.summary.broken().next().is_none();
        if self.summary.written == 0 {
            return Ok(self.summary);
        }
        if is_whole || !target.exists() {
            self.lines.publish(target)?;
            self.summary.output = Some(output.to_owned());
        } else {
            self.lines.publish(&partial(target))?;
            self.summary.output = Some(partial(output));
        }
        Ok(self.summary)
    }
}

/// The lines written so far, and which of them count.
struct Lines {
    /// Beside the output, so that it can become it; removed unless it does.
    file: BufWriter<NamedTempFile>,
    folder: PathBuf,
    written: u32,
    newest: Newest,
}

impl Lines {
    fn create(output: &Path) -> io::Result<Self> {
        let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).to_owned();
        Ok(Self {
            file: BufWriter::new(temporary(&folder)?),
            folder,
            written: 0,
            newest: Newest::default(),
        })
    }

    fn contracts(&self) -> u64 {
        self.newest.len() as u64
    }

    fn write(&mut self, converted: &Converted) -> io::Result<()> {
        serde_json::to_writer(&mut self.file, &converted.record)?;
        self.file.write_all(b"\n")?;
        let published = u32::try_from(converted.published).unwrap_or(u32::MAX);
        self.newest.add(converted.key.hash(), self.written, published);
        let written = self.written.checked_add(1);
        self.written = written.ok_or_else(|| io::Error::other("over four billion records"))?;
        Ok(())
    }

    /// Makes the lines that count the output, in one rename.
    fn publish(self, output: &Path) -> io::Result<()> {
        let Self {
            file,
            folder,
            written,
            newest,
        } = self;
        let mut file = file.into_inner()?;
        if newest.len() < written as usize {
            let mut counts = vec![false; written as usize];
            newest.ranks().for_each(|rank| counts[rank as usize] = true);
            file = copied(file, &counts, temporary(&folder)?)?;
        }
        file.as_file().sync_all()?;
        file.persist(output)?;
        Ok(())
    }
}

/// The newest line of each contract: its rank, and when it was published, by the hash of what tells the contract from others.
///
/// Of imports of two million contracts, one in ten million has two that share a hash of 64 bits, and takes them for one. In
/// parts, so that growing takes the memory of one part twice, and not of all.
#[derive(Default)]
struct Newest([HashMap<u64, (u32, u32)>; Newest::PARTS]);

impl Newest {
    const PARTS: usize = 32;

    fn add(&mut self, hash: u64, rank: u32, published: u32) {
        let part = &mut self.0[hash as usize % Self::PARTS];
        let newest = part.entry(hash).or_insert((rank, published));
        if newest.1 <= published {
            *newest = (rank, published);
        }
    }

    fn len(&self) -> usize {
        self.0.iter().map(HashMap::len).sum()
    }

    fn ranks(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flat_map(HashMap::values).map(|(rank, _)| *rank)
    }
}

/// Copies the lines that count to another file.
fn copied(mut source: NamedTempFile, counts: &[bool], target: NamedTempFile) -> io::Result<NamedTempFile> {
    source.as_file_mut().rewind()?;
    let mut lines = BufReader::new(source.as_file());
    let mut target = BufWriter::new(target);
    let mut line = Vec::new();
    for counts in counts {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        if *counts {
            target.write_all(&line)?;
        }
    }
    Ok(target.into_inner()?)
}

/// A file of this import alone, readable by whoever may read other files of its user.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    // A folder that is not there is said as such, without the name of a file nobody asked for.
    fs::metadata(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rex-import-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// `marches.jsonl` gives `marches.partial.jsonl`.
fn partial(path: &Path) -> PathBuf {
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
