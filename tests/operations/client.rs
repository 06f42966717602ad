//! Load clients, and invariants of an index folder after any failure.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rex_tests::{Client, Server, Site};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Default of `keep`.
const KEPT: usize = 3;

/// Files that an index folder may contain besides generations.
const KNOWN: [&str; 5] = ["current", ".lock", ".verified", ".digested", ".rolled-back"];

/// The extent of a scenario: short, or long under `cargo xtask soak`.
pub(crate) fn extent<T>(bounded: T, long: T) -> T {
    if std::env::var_os("REX_SOAK").is_some() {
        long
    } else {
        bounded
    }
}

/// Prints a figure; shown with `--nocapture`.
pub(crate) fn figure(text: std::fmt::Arguments<'_>) {
    eprintln!("   {text}");
}

/// A generation, read from its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Built {
    pub(crate) name: String,
    pub(crate) records: u64,
}

/// The index folder of a site.
pub(crate) fn index_of(site: &Site) -> PathBuf {
    site.path().join("index")
}

/// The generation that `current` names.
pub(crate) fn pointer(index: &Path) -> Option<String> {
    let name = fs::read_to_string(index.join("current")).ok()?;
    Some(name.trim_end().to_owned())
}

/// The current generation, after checking all its digests without Rex.
///
/// # Panics
/// If `current` names no generation, or an incomplete one.
pub(crate) fn assert_current_is_complete(index: &Path) -> Built {
    let name = pointer(index).unwrap_or_else(|| panic!("{} names no generation", index.display()));
    complete(index, &name).unwrap_or_else(|reason| panic!("the current generation {name}: {reason}"))
}

/// Checks a generation; the error says why it is incomplete.
pub(crate) fn complete(index: &Path, name: &str) -> Result<Built, String> {
    let folder = index.join(name);
    let read = |file: &str| fs::read(folder.join(file)).map_err(|error| format!("{file}: {error}"));
    let manifest = read("manifest.json")?;
    if read("manifest.sha256")? != format!("{}  manifest.json\n", digest(&manifest)).as_bytes() {
        return Err("manifest.json is not what was written".to_owned());
    }
    let manifest: Value = serde_json::from_slice(&manifest).map_err(|error| format!("manifest.json: {error}"))?;
    let files = manifest["files"].as_object().ok_or("its manifest names no files")?;
    for (file, expected) in files {
        if expected["sha256"] != digest(&read(file)?) {
            return Err(format!("{file} is not what was written"));
        }
    }
    let mut expected: BTreeSet<String> = files.keys().cloned().collect();
    expected.extend(["manifest.json".to_owned(), "manifest.sha256".to_owned()]);
    let found = names(&folder);
    if found != expected {
        return Err(format!("it holds {found:?}, its manifest names {expected:?}"));
    }
    Ok(Built {
        name: name.to_owned(),
        records: manifest["records"].as_u64().ok_or("its manifest counts no records")?,
    })
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

/// Checks an index folder after a clean build: `current` names a generation, all generations are complete, at most `keep` exist, and
/// there are no other files.
///
/// # Panics
/// If one of these does not hold.
pub(crate) fn assert_index_is_sound(site: &Site) -> Built {
    let index = index_of(site);
    let current = assert_current_is_complete(&index);
    let (generations, others): (Vec<_>, Vec<_>) = names(&index).into_iter().partition(|name| name.starts_with("g-"));
    for name in &generations {
        complete(&index, name).unwrap_or_else(|reason| panic!("generation {name}: {reason}"));
    }
    assert!(generations.len() <= KEPT, "{generations:?} are kept");
    let leaked: Vec<_> = others.iter().filter(|name| !KNOWN.contains(&name.as_str())).collect();
    assert!(leaked.is_empty(), "{leaked:?} are left in {}", index.display());
    current
}

/// The names in a folder.
pub(crate) fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// Runs `rex index`.
///
/// # Panics
/// If it fails.
pub(crate) fn build(site: &Site) -> Built {
    let ran = site.run(&["index"]);
    assert_eq!(ran.code(), Some(0), "{ran:?}");
    assert_index_is_sound(site)
}

/// The answer to a search; an error for any other status than 200.
pub(crate) fn search(client: &Client, parameters: &str) -> Result<Value, String> {
    let answer = client
        .get(&format!("/v1/search?{parameters}"))
        .map_err(|error| format!("no answer: {error}"))?;
    if answer.status != 200 {
        return Err(format!("status {}: {}", answer.status, answer.body));
    }
    serde_json::from_str(&answer.body).map_err(|error| format!("{error} in {}", answer.body))
}

/// Requests to compare the answers of servers: every kind of request, for the shipped cases.
const QUESTIONS: [&str; 10] = [
    "/v1/search?q=&par_page=100",
    "/v1/search?q=insertion&facettes=procedure,theme",
    "/v1/search?q=ramassage+des+cartons",
    "/v1/search?q=%22%C3%A9nerg%C3%A9tique%22&tri=-montant",
    "/v1/search?q=cartonn&procedure=Proc%C3%A9dure+adapt%C3%A9e",
    "/v1/suggest?q=ca",
    "/v1/facets/territoire?q=o",
    "/v1/cases/toulouse-ramassage-cartons",
    "/v1/cases/toulouse-ramassage-cartons/similar",
    "/v1/export.csv?q=insertion",
];

/// Path, status and body of each answer.
pub(crate) type Answers = Vec<(&'static str, u16, Value)>;

/// The answers of a server, without durations and its address.
///
/// # Errors
/// If a request fails or has a 5xx answer.
pub(crate) fn answers(server: &Server) -> Result<Answers, String> {
    let client = Client::of(server.address());
    let ask = |question: &&'static str| {
        let answer = client
            .get(question)
            .map_err(|error| format!("{question}: no answer: {error}"))?;
        if answer.status >= 500 {
            return Err(format!("{question}: status {}: {}", answer.status, answer.body));
        }
        let text = answer.body.replace(&server.address().to_string(), "HOST");
        let mut body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        forget(&mut body, "took_ms");
        Ok((*question, answer.status, body))
    };
    QUESTIONS.iter().map(ask).collect()
}

/// Removes a top-level field of an answer.
pub(crate) fn forget(answer: &mut Value, field: &str) {
    if let Some(fields) = answer.as_object_mut() {
        fields.remove(field);
    }
}

/// Copies a folder with `cp -a`, as for a backup.
///
/// # Panics
/// If it fails.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status().expect("cp runs");
    assert!(copied.success(), "{} is not copied", from.display());
}

/// A command run by a wrapper, such as `unshare`, that restricts it.
pub(crate) fn wrapped(command: &Command, mut wrapper: Command) -> Command {
    wrapper
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        wrapper.current_dir(folder);
    }
    for (name, _) in command.get_envs().filter(|(_, value)| value.is_none()) {
        wrapper.env_remove(name);
    }
    wrapper
}

/// Threads that send requests without pause until they are stopped.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Tally>>,
}

/// The outcome of a load.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Number of answers by note.
    pub(crate) seen: BTreeMap<String, usize>,
    /// Failures.
    pub(crate) failures: Vec<String>,
    /// Duration of each request.
    pub(crate) times: Vec<Duration>,
}

impl Load {
    /// Starts threads. `ask` sends one request, given its number, and returns a note to count, or an error. Every second thread opens
    /// a new connection for each request.
    pub(crate) fn start(
        server: &Server,
        threads: usize,
        ask: impl Fn(&Client, usize) -> Result<String, String> + Send + Sync + 'static,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let ask = Arc::new(ask);
        let address = server.address();
        let threads = (0..threads).map(|thread| {
            let (stop, ask) = (Arc::clone(&stop), Arc::clone(&ask));
            thread::spawn(move || {
                let mut tally = Tally::default();
                let mut client = Client::of(address);
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    if thread % 2 == 1 {
                        client = Client::of(address);
                    }
                    let begun = Instant::now();
                    let answer = ask(&client, number);
                    tally.times.push(begun.elapsed());
                    match answer {
                        Ok(note) => *tally.seen.entry(note).or_default() += 1,
                        Err(failure) => tally.failures.push(failure),
                    }
                }
                tally
            })
        });
        Self {
            threads: threads.collect(),
            stop,
        }
    }

    /// Stops the threads and returns their joint tally.
    ///
    /// # Panics
    /// If one of them panicked.
    pub(crate) fn stop(mut self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Tally::default();
        for thread in mem::take(&mut self.threads) {
            let tally = thread.join().expect("a client that does not panic");
            for (note, count) in tally.seen {
                *all.seen.entry(note).or_default() += count;
            }
            all.failures.extend(tally.failures);
            all.times.extend(tally.times);
        }
        all.times.sort();
        all
    }
}

impl Drop for Load {
    /// Stops the load if the test fails, so that it does not disturb the next tests.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Tally {
    /// Number of right answers.
    pub(crate) fn answers(&self) -> usize {
        self.seen.values().sum()
    }

    /// Checks that there are answers and no failures.
    ///
    /// # Panics
    /// If there is a failure, or no answer.
    pub(crate) fn assert_no_failure(&self) {
        assert!(
            self.failures.is_empty(),
            "{} of {} requests failed, the first: {}",
            self.failures.len(),
            self.times.len(),
            self.failures[0]
        );
        assert!(self.answers() > 0, "nothing was asked");
    }
}
