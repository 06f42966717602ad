//! The search log, disabled by default: queries and their hit counts, never who searched.
//!
//! A line is `{"hour":"2026-11-24T21Z","q":"…","facets":["procedure"],"total":3,"page":1}`: the hour without minutes, the
//! names of filtered facets without values, no client address, no id, no user agent. Each month has a file,
//! `searches-2026-11.jsonl`. `rex report` reads them, and leaves out rare queries.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rex_corpus::expect_regular;
use rex_query::{Condition, MAX_QUERY_CHARS, SearchRequest};
use serde::Serialize;
use time::OffsetDateTime;

use crate::telemetry::metrics::Metrics;
use crate::telemetry::search_log_month::{Month, months};

/// Capacity of the queue. When the disk is too slow, lines are dropped instead of delaying searches.
const QUEUE_LENGTH: usize = 4096;
/// Idle time after which the file is closed, so that a moved file is recreated.
const IDLE: Duration = Duration::from_secs(1);
/// Interval of the removal of old files while there are no searches.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(3600);
/// Maximum time to write the queue on shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Writes searches to files in a thread of its own; cheap to clone.
#[derive(Debug, Clone)]
pub struct SearchLog(Arc<SearchLogInner>);

#[derive(Debug)]
struct SearchLogInner {
    sender: SyncSender<Message>,
    /// Disconnected when the thread ends.
    ended: Mutex<Receiver<()>>,
    metrics: Metrics,
    /// Set by [`SearchLog::reopen`].
    is_to_reopen: Arc<AtomicBool>,
}

enum Message {
    Search(LoggedSearch),
    End,
}

/// The logged part of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LoggedSearch {
    query: String,
    facets: BTreeSet<&'static str>,
    total: u64,
}

#[derive(Serialize)]
struct Line<'a> {
    hour: &'a str,
    q: &'a str,
    facets: &'a BTreeSet<&'static str>,
    total: u64,
    page: u32,
}

impl SearchLog {
    /// Logs to files in `folder`, created with the first search unless [`check`](Self::check) did. Keeps `keep_months` months, the current one included.
    /// `metrics` counts dropped lines.
    ///
    /// # Errors
    /// The thread cannot be spawned.
    pub fn start(folder: PathBuf, keep_months: u32, metrics: &Metrics) -> io::Result<Self> {
        let (sender, messages) = sync_channel(QUEUE_LENGTH);
        let (ending, ended) = sync_channel(1);
        let writer = Writer::new(folder, keep_months, metrics.clone());
        let is_to_reopen = Arc::clone(&writer.is_to_reopen);
        let name = "rex-search-log".to_owned();
        thread::Builder::new().name(name).spawn(move || {
            // Dropped when the thread ends or panics.
            let _ending: SyncSender<()> = ending;
            writer.run(&messages);
        })?;
        Ok(Self(Arc::new(SearchLogInner {
            sender,
            ended: Mutex::new(ended),
            metrics: metrics.clone(),
            is_to_reopen,
        })))
    }

    /// Checks that searches can be logged in a folder, which is created if missing: that the file of this month can be written, or a file
    /// can be created.
    ///
    /// # Errors
    /// The error of the system, or what is in the way.
    pub fn check(folder: &Path) -> io::Result<()> {
        let file = folder.join(Month::of(OffsetDateTime::now_utc()).file());
        private_folder(folder)?;
        if fs::symlink_metadata(&file).is_ok() {
            return append_to(&file).map(drop);
        }
        let probe = folder.join(format!(".probe-{}", std::process::id()));
        let created = append_to(&probe).map(drop);
        let removed = fs::remove_file(&probe);
        created.and(removed)
    }

    /// Opens the file again before the next line, after it was moved away.
    pub fn reopen(&self) {
        self.0.is_to_reopen.store(true, Ordering::Relaxed);
    }

    /// Logs a search, if it is the first page of a search with words or filters.
    pub(crate) fn add(&self, request: &SearchRequest, total: u64) {
        let Some(searched) = LoggedSearch::of(request, total) else {
            return;
        };
        if self.0.sender.try_send(Message::Search(searched)).is_err() {
            self.0.metrics.search_log_dropped();
        }
    }

    /// Writes the queue and stops logging. Returns whether this finished within five seconds.
    pub fn end(&self) -> bool {
        let started = Instant::now();
        // The queue may be full, and the thread gone.
        while let Err(std::sync::mpsc::TrySendError::Full(_)) = self.0.sender.try_send(Message::End) {
            if started.elapsed() > SHUTDOWN_TIMEOUT {
                return false;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let ended = self.0.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let left = SHUTDOWN_TIMEOUT.saturating_sub(started.elapsed());
        ended.recv_timeout(left) == Err(RecvTimeoutError::Disconnected)
    }
}

impl LoggedSearch {
    fn of(request: &SearchRequest, total: u64) -> Option<Self> {
        let is_first_page = request.offset == 0 && request.limit > 0;
        let mut facets: BTreeSet<&'static str> = request.filters.iter().map(|(facet, _)| facet.name()).collect();
        add_facets(&request.condition, &mut facets);
        let says_something = !request.query.trim().is_empty() || !facets.is_empty();
        (is_first_page && says_something).then(|| Self {
            query: request.query.chars().take(MAX_QUERY_CHARS).collect(),
            facets,
            total,
        })
    }
}

/// The facets of a condition. The filter parser bounds its depth.
fn add_facets(condition: &Condition, facets: &mut BTreeSet<&'static str>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| add_facets(part, facets)),
        Condition::Not(part) => add_facets(part, facets),
        Condition::Has(facet, _) | Condition::Reaches(facet, _) => {
            facets.insert(facet.name());
        }
    }
}

struct Writer {
    folder: PathBuf,
    keep_months: u32,
    metrics: Metrics,
    /// The open file and its month.
    open: Option<(Month, File)>,
    /// The month of the last removal of old files.
    cleaned: Option<Month>,
    /// The hour of the last warning. A full disk is reported once an hour.
    warned: String,
    /// Whether to open the file again before the next line.
    is_to_reopen: Arc<AtomicBool>,
}

impl Writer {
    fn new(folder: PathBuf, keep_months: u32, metrics: Metrics) -> Self {
        Self {
            folder,
            keep_months,
            metrics,
            open: None,
            cleaned: None,
            warned: String::new(),
            is_to_reopen: Arc::default(),
        }
    }

    /// Writes messages until the end message.
    fn run(mut self, messages: &Receiver<Message>) {
        self.remove_old_months(Month::of(OffsetDateTime::now_utc()));
        loop {
            let timeout = if self.open.is_some() { IDLE } else { CLEANUP_INTERVAL };
            let now = OffsetDateTime::now_utc;
            match messages.recv_timeout(timeout) {
                Ok(Message::Search(searched)) => self.add(&searched, now()),
                Err(RecvTimeoutError::Timeout) => {
                    self.open = None;
                    self.remove_old_months(Month::of(now()));
                }
                Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Writes a line, or counts it as dropped.
    fn add(&mut self, searched: &LoggedSearch, now: OffsetDateTime) {
        let month = Month::of(now);
        self.remove_old_months(month);
        let hour = hour(now);
        let Err(error) = self.write(searched, month, &hour) else {
            return;
        };
        // A partial line may have been written: reopening the file ends it.
        self.open = None;
        self.metrics.search_log_dropped();
        if self.warned != hour {
            let folder = self.folder.display();
            tracing::warn!(%error, %folder, "failed to write the search log: searches are not logged");
            self.warned = hour;
        }
    }

    fn write(&mut self, searched: &LoggedSearch, month: Month, hour: &str) -> io::Result<()> {
        let line = Line {
            hour,
            q: &searched.query,
            facets: &searched.facets,
            total: searched.total,
            page: 1,
        };
        let mut line = serde_json::to_vec(&line)?;
        line.push(b'\n');
        if self.is_to_reopen.swap(false, Ordering::Relaxed) {
            self.open = None;
        }
        let mut file = match self.open.take() {
            Some((open, file)) if open == month => file,
            _ => open(&self.folder, month)?,
        };
        // One unbuffered write per line: a crash cuts one line at most.
        file.write_all(&line)?;
        self.open = Some((month, file));
        Ok(())
    }

    /// Removes files older than `keep_months`, once a month.
    fn remove_old_months(&mut self, now: Month) {
        if self.cleaned.replace(now) == Some(now) {
            return;
        }
        let kept = i32::try_from(self.keep_months).unwrap_or(i32::MAX);
        let is_old = |month: &Month| month.0 <= now.0.saturating_sub(kept);
        let removed = months(&self.folder).and_then(|months| {
            let mut old = months.into_iter().filter(is_old);
            old.try_for_each(|month| fs::remove_file(self.folder.join(month.file())))
        });
        if let Err(error) = removed {
            let folder = self.folder.display();
            tracing::warn!(%error, %folder, "failed to remove old files of the search log");
        }
    }
}

/// The hour of a line.
fn hour(time: OffsetDateTime) -> String {
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    format!("{year:04}-{month:02}-{day:02}T{:02}Z", time.hour())
}

/// Opens the file of a month for appending, after a complete line. Readable by the user of Rex only.
fn open(folder: &Path, month: Month) -> io::Result<File> {
    private_folder(folder)?;
    let mut file = append_to(&folder.join(month.file()))?;
    if file.metadata()?.len() > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    Ok(file)
}

/// Opens a file for appending, and creates it if it is missing. A pipe would block, and a device would lose the lines.
fn append_to(path: &Path) -> io::Result<File> {
    match expect_regular(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        checked => checked?,
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use rex_query::{Facet, Filters, Selection};
    use time::macros::datetime;

    use super::*;
    use crate::telemetry::search_log_month::search_log_files;

    fn searched(query: &str) -> LoggedSearch {
        LoggedSearch {
            query: query.to_owned(),
            facets: BTreeSet::from(["procedure"]),
            total: 3,
        }
    }

    fn dropped(metrics: &Metrics) -> String {
        let text = metrics.text().unwrap();
        let line = text
            .lines()
            .find(|line| line.starts_with("rex_search_log_dropped_total "));
        line.unwrap().to_owned()
    }

    #[test]
    fn a_line_has_the_hour_and_no_personal_data() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/searches");
        let mut writer = Writer::new(path.clone(), 13, Metrics::start());
        assert!(!path.exists(), "not before the first search");
        writer.add(&searched("tri \"à\nla\" source"), datetime!(2026-11-24 21:59:59 UTC));
        writer.add(&searched("suite"), datetime!(2026-12-01 00:00 UTC));
        let written = fs::read_to_string(path.join("searches-2026-11.jsonl")).unwrap();
        assert_eq!(
            written,
            "{\"hour\":\"2026-11-24T21Z\",\"q\":\"tri \\\"à\\nla\\\" source\",\"facets\":[\"procedure\"],\"total\":3,\"page\":1}\n"
        );
        assert_eq!(search_log_files(&path).unwrap().len(), 2, "a file a month");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path.join("searches-2026-11.jsonl")), 0o600);
            assert_eq!(mode(&path), 0o700);
        }
    }

    #[test]
    fn months_are_kept_as_long_as_it_says_and_other_files_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "searches-2025-11.jsonl",
            "searches-2025-12.jsonl",
            "searches-2026-13.jsonl",
            "searches-26-11.jsonl",
            "searches-2025-11.jsonl.bak",
        ];
        for name in names {
            fs::write(folder.path().join(name), "x\n").unwrap();
        }
        let mut writer = Writer::new(folder.path().to_owned(), 12, Metrics::start());
        writer.remove_old_months(Month::of(datetime!(2026-11-30 23:59 UTC)));
        let is_there = |name: &&str| folder.path().join(name).exists();
        assert!(!is_there(&names[0]) && names[1..].iter().all(is_there));
        writer.add(&searched("tri"), datetime!(2026-12-01 00:00 UTC));
        assert!(!is_there(&names[1]) && names[2..].iter().all(is_there));
    }

    #[test]
    fn a_line_cut_by_a_crash_does_not_spoil_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("searches-2026-11.jsonl");
        fs::write(&file, "{\"hour\":\"2026-11-2").unwrap();
        let mut writer = Writer::new(folder.path().to_owned(), 13, Metrics::start());
        writer.add(&searched("tri"), datetime!(2026-11-24 21:00 UTC));
        writer.add(&searched("tri"), datetime!(2026-11-24 21:00 UTC));
        let written = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = written.lines().collect();
        assert_eq!((lines[0], lines.len()), ("{\"hour\":\"2026-11-2", 3));
        assert!(lines[1].starts_with("{\"hour\":\"2026-11-24T21Z\",\"q\":\"tri\""));
    }

    #[test]
    fn a_disk_that_fails_is_counted_and_writes_again_once_it_works() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("searches");
        fs::write(&path, "in the way").unwrap();
        let metrics = Metrics::start();
        let mut writer = Writer::new(path.clone(), 13, metrics.clone());
        let now = datetime!(2026-11-24 21:00 UTC);
        writer.add(&searched("a"), now);
        writer.add(&searched("b"), now);
        assert_eq!(dropped(&metrics), "rex_search_log_dropped_total 2");
        fs::remove_file(&path).unwrap();
        writer.add(&searched("c"), now);
        assert_eq!(dropped(&metrics), "rex_search_log_dropped_total 2");
        assert_eq!(search_log_files(&path).unwrap().len(), 1);
    }

    #[test]
    fn only_first_pages_that_look_for_something_are_logged() {
        let words = SearchRequest {
            query: "  tri ".to_owned(),
            ..SearchRequest::default()
        };
        let of = |request: &SearchRequest| LoggedSearch::of(request, 0);
        assert_eq!(of(&words).unwrap().query, "  tri ");
        assert_eq!(of(&words.at_page(2)), None);
        let counts = SearchRequest { limit: 0, ..words };
        assert_eq!(of(&counts), None);
        assert_eq!(of(&SearchRequest::default()), None);
        let mut filters = Filters::default();
        filters.add(Facet::Nature, Selection::Value("travaux".to_owned()));
        let has = Condition::Has(Facet::Cpv, Vec::new());
        let narrowed = SearchRequest {
            filters,
            condition: Condition::All(vec![Condition::Not(Box::new(has)), Condition::Reaches(Facet::Cpv, 0)]),
            ..SearchRequest::default()
        };
        assert!(of(&narrowed).unwrap().facets.iter().eq(&["cpv", "nature"]));
    }

    #[test]
    fn all_that_was_logged_is_there_after_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let log = SearchLog::start(folder.path().to_owned(), 13, &Metrics::start()).unwrap();
        for number in 0..500 {
            let request = SearchRequest {
                query: format!("tri {number}"),
                ..SearchRequest::default()
            };
            log.add(&request, 1);
        }
        assert!(log.end());
        let files = search_log_files(folder.path()).unwrap();
        let lines = files
            .iter()
            .map(|file| fs::read_to_string(file).unwrap().lines().count());
        assert_eq!(lines.sum::<usize>(), 500);
        log.add(
            &SearchRequest {
                query: "après".to_owned(),
                ..SearchRequest::default()
            },
            1,
        );
        assert!(log.end(), "a second end is no failure");
    }
}
