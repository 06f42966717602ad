//! Imports DECP files of any size into one file of records, each contract once.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::anomaly::DecpProblem;
use super::convert::{Converted, Converter};
use super::newest::{Kept, Newest, Publication, packed_day};
use super::stream::{Event, Item, StreamError, read};
use rex_corpus::CpvLabels;

/// Refused records listed in the summary; the rest are counted.
const MAX_REFUSED: usize = 1_000;

/// Options of an import.
#[derive(Debug)]
pub struct DecpOptions<'a> {
    /// The CPV labels. With the complete list, codes that are not in it are left out.
    pub labels: &'a CpvLabels,
    /// The last valid notification year. Later ones are typing errors.
    pub last_year: u16,
}

impl<'a> DecpOptions<'a> {
    /// Default options with these labels. The last year is next year, which some contracts already have.
    pub fn new(labels: &'a CpvLabels) -> Self {
        let year = time::OffsetDateTime::now_utc().year();
        Self {
            labels,
            last_year: u16::try_from(year + 1).unwrap_or(u16::MAX),
        }
    }
}

/// Progress of an import.
#[derive(Debug, Clone, Copy)]
pub struct DecpProgress {
    /// Records read.
    pub records: u64,
    /// Bytes read, of all files.
    pub bytes: u64,
    /// Bytes of all files.
    pub total_bytes: u64,
}

/// Result of an import. `read` is the sum of `written`, `duplicates` and `refused`.
#[derive(Debug, Default)]
pub struct DecpSummary {
    /// The files, in the order given.
    pub files: Vec<DecpFile>,
    /// Records read.
    pub read: u64,
    /// Records in the output.
    pub written: u64,
    /// Of these, lots beside the first one under the same buyer, number and object.
    pub lots: u64,
    /// Records left out because a later publication of the contract replaces them.
    pub duplicates: u64,
    /// Values that are not contracts or cannot be read.
    pub refused: u64,
    /// The first thousand refused values: file, offset in bytes, reason.
    pub refusals: Vec<String>,
    /// Number of records with each kind of problem. A contract published twice counts twice.
    pub problems: BTreeMap<DecpProblem, u64>,
    /// The file with the records. `None` if there is no record.
    pub output: Option<PathBuf>,
}

impl DecpSummary {
    /// The reasons why files were not read to their end.
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
    /// Why it was not read to its end: file, offset in bytes, reason.
    pub broken: Option<String>,
}

/// Why an import wrote nothing.
#[derive(Debug, thiserror::Error)]
pub enum DecpError {
    /// The output is one of the input files.
    #[error("{} is to be read and written; name another file with --out", .0.display())]
    OutputIsInput(PathBuf),
    /// `progress` stopped the import.
    #[error("the import was stopped; nothing was written")]
    Stopped,
    /// The output cannot be written.
    #[error("cannot write {}: {source}", .path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl DecpError {
    /// Whether the user can fix the error by another output.
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

/// Reads DECP files of the formats of 2019 and 2022, and writes their contracts as JSON lines, each contract once. Of several
/// publications with the same buyer, id and object, the latest is kept; of the same day, the last one read. Lots under one number,
/// with other holders and other amounts of one publication day, are contracts of their own.
///
/// A value that is not JSON is left out and noted in its record; a record that cannot be read is refused, and reading goes on.
///
/// Memory: one record, and about thirty bytes for each publication of a contract. The output is replaced atomically. If a file cannot be read to its
/// end, its records before that point are kept; an existing output is then left alone, and the records go to `….partial.jsonl`
/// beside it.
///
/// `progress` is called after every record and can stop the import.
///
/// # Errors
/// An output that cannot be written, and an import that was stopped. The summary reports problems of the input files.
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
    // Replaces the target of a link, not the link.
    let target = output.canonicalize().unwrap_or_else(|_| output.to_owned());
    let mut run = || {
        let mut import = Import {
            lines: OutputLines::create(&target)?,
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
        let mut go_on = |state| match progress(state) {
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

/// Called after every record. An error stops the import.
type GoOn<'a> = dyn FnMut(DecpProgress) -> io::Result<()> + 'a;

struct Import<'a> {
    lines: OutputLines,
    converter: Converter<'a>,
    summary: DecpSummary,
    /// Records read of the current file.
    file_read: u64,
    /// Size of the files before the current one, in bytes.
    done_bytes: u64,
    total_bytes: u64,
}

impl Import<'_> {
    fn file(&mut self, path: &Path, progress: &mut GoOn<'_>) -> io::Result<()> {
        self.file_read = 0;
        let broken = match open(path) {
            Ok(source) => match read(source, |event| self.event(path, event, progress)) {
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

    fn event(&mut self, path: &Path, event: Event, progress: &mut GoOn<'_>) -> io::Result<()> {
        let end = match event {
            Event::Record(item) => {
                let end = item.end;
                self.record(path, item)?;
                end
            }
            Event::Refused { offset, message } => {
                self.refuse(path, &format!("byte {offset}: {message}"));
                offset
            }
            Event::Searched(offset) => offset,
        };
        progress(DecpProgress {
            records: self.summary.read,
            bytes: self.done_bytes + end,
            total_bytes: self.total_bytes,
        })
    }

    fn record(&mut self, path: &Path, item: Item) -> io::Result<()> {
        let end = item.end;
        match self.converter.convert(item) {
            Ok(converted) => {
                self.count();
                self.lines.write(&converted)?;
            }
            Err(reason) => self.refuse(path, &format!("before byte {end}: {reason}")),
        }
        Ok(())
    }

    fn count(&mut self) {
        self.summary.read += 1;
        self.file_read += 1;
    }

    fn refuse(&mut self, path: &Path, why: &str) {
        self.count();
        self.summary.refused += 1;
        if self.summary.refusals.len() < MAX_REFUSED {
            let refusal = format!("{}: record {}, {why}", path.display(), self.file_read);
            self.summary.refusals.push(refusal);
        }
    }

    fn finish(mut self, output: &Path, target: &Path) -> io::Result<DecpSummary> {
        self.summary.problems = self.converter.problems;
        let chosen = self.lines.choose();
        self.summary.written = chosen.contracts;
        self.summary.lots = chosen.suffixes.len() as u64;
        self.summary.duplicates = self.summary.read - self.summary.refused - self.summary.written;
        let is_whole = self.summary.broken().next().is_none();
        if self.summary.written == 0 {
            return Ok(self.summary);
        }
        if is_whole || !target.exists() {
            self.lines.publish(&chosen, target)?;
            self.summary.output = Some(output.to_owned());
        } else {
            self.lines.publish(&chosen, &partial(target))?;
            self.summary.output = Some(partial(output));
        }
        Ok(self.summary)
    }
}

/// The lines written so far, and what tells which of them to keep.
struct OutputLines {
    /// A temporary file beside the output, renamed to it or removed.
    file: BufWriter<NamedTempFile>,
    folder: PathBuf,
    written: u32,
    newest: Newest,
}

impl OutputLines {
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

    /// The newest line of each contract. To be called once, at the end.
    fn choose(&mut self) -> ChosenLines {
        let mut chosen = ChosenLines {
            contracts: 0,
            is_kept: vec![false; self.written as usize],
            suffixes: HashMap::new(),
        };
        for Kept { line, suffix } in self.newest.kept() {
            chosen.contracts += 1;
            chosen.is_kept[line as usize] = true;
            chosen.suffixes.extend(suffix.map(|suffix| (line, suffix)));
        }
        chosen
    }

    fn write(&mut self, converted: &Converted) -> io::Result<()> {
        serde_json::to_writer(&mut self.file, &converted.record)?;
        self.file.write_all(b"\n")?;
        self.newest.add(Publication {
            key: converted.key.hash(),
            lot: converted.lot,
            published: packed_day(converted.published),
            line: self.written,
        });
        let written = self.written.checked_add(1);
        self.written = written.ok_or_else(|| io::Error::other("over four billion records"))?;
        Ok(())
    }

    /// Writes the chosen lines to the output, by an atomic rename.
    fn publish(self, chosen: &ChosenLines, output: &Path) -> io::Result<()> {
        let mut file = self.file.into_inner()?;
        if !chosen.is_all() {
            file = copied(file, chosen, temporary(&self.folder)?)?;
        }
        file.as_file().sync_all()?;
        file.persist(output)?;
        Ok(())
    }
}

/// The lines to keep.
struct ChosenLines {
    contracts: u64,
    /// For each line written.
    is_kept: Vec<bool>,
    /// What to add to the ids of lots, by line.
    suffixes: HashMap<u32, u32>,
}

impl ChosenLines {
    fn is_all(&self) -> bool {
        self.contracts == self.is_kept.len() as u64 && self.suffixes.is_empty()
    }
}

/// Copies the chosen lines to another file.
fn copied(mut source: NamedTempFile, chosen: &ChosenLines, target: NamedTempFile) -> io::Result<NamedTempFile> {
    source.as_file_mut().rewind()?;
    let mut lines = BufReader::new(source.as_file());
    let mut target = BufWriter::new(target);
    let mut line = Vec::new();
    for (number, is_kept) in (0..).zip(&chosen.is_kept) {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        if *is_kept {
            match chosen.suffixes.get(&number) {
                Some(suffix) => write_with_suffix(&mut target, &line, *suffix)?,
                None => target.write_all(&line)?,
            }
        }
    }
    Ok(target.into_inner()?)
}

/// Writes a record with a suffix to its id. A record begins with its id, which needs no escapes.
fn write_with_suffix(target: &mut impl Write, line: &[u8], suffix: u32) -> io::Result<()> {
    const START: &[u8] = b"{\"id\":\"";
    let id = line.strip_prefix(START).unwrap_or_default();
    let Some(end) = id.iter().position(|byte| *byte == b'"') else {
        return Err(io::Error::other("a record without its id"));
    };
    let (before, after) = line.split_at(START.len() + end);
    target.write_all(before)?;
    write!(target, "-{suffix:08x}")?;
    target.write_all(after)
}

/// A temporary file with the default permissions of the user.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    // The error for a missing folder must not name the temporary file.
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

/// Opens a file that looks like JSON. The error names the format it has instead.
fn open(path: &Path) -> Result<BufReader<File>, String> {
    const BUFFER: usize = 1 << 16;
    if path.is_dir() {
        return Err("is a folder, expected a DECP file in JSON".to_owned());
    }
    // A pipe is fine: it is read once, in constant memory.
    if is_device(path) {
        return Err("is a device, expected a DECP file in JSON".to_owned());
    }
    let unreadable = |error: io::Error| format!("cannot be read: {error}");
    let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(unreadable)?);
    let start = file.fill_buf().map_err(unreadable)?;
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    let is_json = |text: &[u8]| text.starts_with("\u{feff}".as_bytes()) || matches!(first, Some(b'{' | b'['));
    let found = match start {
        [] => "is empty",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [b'{' | b'[', 0, ..] | [0, b'{' | b'[', ..] => {
            "is UTF-16 instead of UTF-8"
        }
        [0x1f, 0x8b, ..] | [b'P', b'K', ..] => "is compressed",
        _ if first == Some(&b'<') => "is XML",
        text if is_json(text) => return Ok(file),
        _ => "is not JSON",
    };
    Err(format!("{found}, expected a DECP file in JSON, {{\"marches\": …}}"))
}

/// Whether a path names a terminal, a disk or the like, which may never end. A pipe is read as it comes.
fn is_device(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let is_device = |kind: fs::FileType| kind.is_char_device() || kind.is_block_device();
        path.metadata().is_ok_and(|data| is_device(data.file_type()))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
