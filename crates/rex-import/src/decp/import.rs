//! Imports DECP files of any size into one file of records, each contract once.

use std::collections::BTreeMap;
use std::io;
use std::mem;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::anomaly::DecpProblem;
use super::convert::Converter;
use super::output::{OutputLines, folder, partial};
use super::pipeline;
use super::raw::{Content, ContractKind, Event, Position, Raw, ReadError, Sink};
use super::source::{EXPECTED, read_source};
use super::spool::Spool;
use super::work::{Outcome, Reader};
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
/// Memory: a few records and one byte a record, whatever the size of the files; what is needed until the end is in temporary files beside the
/// output. The output is replaced atomically. If a file cannot be read to its
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
        let bytes = AtomicU64::new(0);
        let mut import = Import {
            lines: OutputLines::create(&target)?,
            folder: folder(&target),
            converters: converters(options),
            summary: DecpSummary::default(),
            archive: PathBuf::new(),
            path: PathBuf::new(),
            file_read: 0,
            broken: Vec::new(),
            is_adrift: false,
            has_rows: false,
            spool: Spool::new(PathBuf::new(), 0),
            bytes: &bytes,
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

/// A converter for each processor.
fn converters<'a>(options: &DecpOptions<'a>) -> Vec<Converter<'a>> {
    /// More would wait for the one thread that reads.
    const MOST: usize = 8;
    let count = thread::available_parallelism().map_or(1, |count| count.get().min(MOST));
    (0..count)
        .map(|_| Converter::new(options.labels, options.last_year))
        .collect()
}

struct Import<'a> {
    lines: OutputLines,
    /// The folder of temporary files.
    folder: PathBuf,
    /// One for each thread that converts.
    converters: Vec<Converter<'a>>,
    summary: DecpSummary,
    /// The current file.
    archive: PathBuf,
    /// The same, or the file in it if it is an archive.
    path: PathBuf,
    /// Records read of the current file.
    file_read: u64,
    /// Why the current file, or files of it, were not read to their end.
    broken: Vec<String>,
    /// Whether a record of the current file may have the brackets around the others.
    is_adrift: bool,
    /// Whether contracts of the current file have several rows, which are counted when all are read.
    has_rows: bool,
    /// Rows of contracts that have several, of the current file.
    spool: Spool,
    /// Bytes read of all files.
    bytes: &'a AtomicU64,
    total_bytes: u64,
}

impl Import<'_> {
    fn file(&mut self, path: &Path, progress: &mut GoOn<'_>) -> io::Result<()> {
        self.file_read = 0;
        self.is_adrift = false;
        self.has_rows = false;
        self.archive = path.to_owned();
        self.path = path.to_owned();
        // What is compressed, or comes from a pipe, may have any size.
        let is_plain = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let size = path
            .metadata()
            .ok()
            .filter(|file| is_plain && file.is_file())
            .map_or(u64::MAX, |file| file.len());
        self.spool = Spool::new(self.folder.clone(), size);
        let bytes = self.bytes;
        let ended = self.read(|sink| read_source(path, bytes, sink), progress)?;
        self.path = path.to_owned();
        self.rows(progress)?;
        self.file_end(ended);
        let broken = mem::take(&mut self.broken);
        self.summary.files.push(DecpFile {
            path: path.to_owned(),
            read: self.file_read,
            broken: (!broken.is_empty()).then(|| broken.join("; ")),
        });
        Ok(())
    }

    /// Converts the contracts that have several rows.
    fn rows(&mut self, progress: &mut GoOn<'_>) -> io::Result<()> {
        let spool = mem::replace(&mut self.spool, Spool::new(PathBuf::new(), 0));
        let read = |sink: &mut Sink<'_>| {
            let mut contracts = 0;
            spool.contracts(&mut |rows| {
                contracts += 1;
                sink(Event::Record(Raw {
                    position: Position::Contract(contracts),
                    contract: ContractKind::Procurement,
                    content: Content::Rows(rows),
                }))
            })
        };
        match self.read(read, progress)? {
            Err(ReadError::Io(error)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Reads with one thread and converts with the others.
    fn read(
        &mut self,
        read: impl FnOnce(&mut Sink<'_>) -> Result<(), ReadError> + Send,
        progress: &mut GoOn<'_>,
    ) -> io::Result<Result<(), ReadError>> {
        let mut converters = mem::take(&mut self.converters);
        let produce = |batches| {
            let mut reader = Reader::new(batches);
            let ended = read(&mut |event| reader.take(event));
            // What was read before an error is kept.
            let flushed = reader.flush();
            ended.and(flushed)
        };
        let workers = converters.iter_mut().map(|converter| |batch| converter.batch(batch));
        let ended = pipeline::run(produce, workers, |outcomes: io::Result<Vec<Outcome>>| {
            for outcome in outcomes? {
                self.outcome(outcome)?;
                progress(DecpProgress {
                    records: self.summary.read,
                    bytes: self.bytes.load(Ordering::Relaxed),
                    total_bytes: self.total_bytes,
                })?;
            }
            Ok(())
        });
        self.converters = converters;
        ended
    }

    fn outcome(&mut self, outcome: Outcome) -> io::Result<()> {
        match outcome {
            Outcome::Line(line) => {
                self.count();
                self.lines.write(&line)
            }
            Outcome::Row(row) => {
                self.has_rows = true;
                self.spool.add(&row)
            }
            Outcome::Unread(unread) => {
                self.refuse(unread.position, &unread.message);
                self.is_adrift |= unread.has_contracts;
                Ok(())
            }
            Outcome::Searched => Ok(()),
            Outcome::File(name) => {
                self.path = self.archive.join(name);
                Ok(())
            }
            Outcome::FileEnd(ended) => {
                self.file_end(ended);
                Ok(())
            }
        }
    }

    fn count(&mut self) {
        self.summary.read += 1;
        self.file_read += 1;
    }

    fn refuse(&mut self, position: Position, why: &str) {
        self.count();
        self.summary.refused += 1;
        if self.summary.refusals.len() < MAX_REFUSED {
            let refusal = format!("{}: record {}, {position}: {why}", self.path.display(), self.file_read);
            self.summary.refusals.push(refusal);
        }
    }

    /// Notes why the current file was not read to its end.
    fn file_end(&mut self, ended: Result<(), ReadError>) {
        let reason = match ended {
            Ok(()) | Err(ReadError::Stopped) => return,
            Err(ReadError::Unclosed { .. }) if self.is_adrift => return,
            Err(ReadError::Unclosed { position }) => {
                format!("{position}: the file ends in the middle of a record; it was cut")
            }
            Err(ReadError::Unknown(reason)) => reason,
            Err(ReadError::Io(error)) => format!("cannot be read to its end: {error}"),
            Err(ReadError::Broken { position, message }) if self.file_read == 0 && !self.has_rows => {
                format!("holds no contract ({position}: {message}), {EXPECTED}")
            }
            Err(ReadError::Broken { position, message }) => format!("{position}: {message}"),
        };
        let kept = match self.file_read {
            0 if self.has_rows => "; the rows before it are kept".to_owned(),
            0 => String::new(),
            1 => "; the record before it is kept".to_owned(),
            read => format!("; the {read} records before it are kept"),
        };
        self.broken.push(format!("{}: {reason}{kept}", self.path.display()));
    }

    fn finish(mut self, output: &Path, target: &Path) -> io::Result<DecpSummary> {
        for (problem, count) in self.converters.iter().flat_map(|converter| &converter.problems) {
            *self.summary.problems.entry(*problem).or_default() += count;
        }
        let chosen = self.lines.choose()?;
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
