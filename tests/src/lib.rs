//! Runs the real binary for the end-to-end tests. [`Site`] is a folder with a corpus, [`Server`] a `rex` process that serves it,
//! [`Client`] an HTTP client. [`made`] generates contracts, [`pdf`] PDF files, [`spreadsheet`] spreadsheets, [`installed`] finds
//! installed packages, [`shared`] data outside the repository.

pub mod installed;
pub mod made;
pub mod pdf;
mod shared;
pub mod spreadsheet;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use ureq::http::HeaderMap;

pub use crate::shared::shared;

/// Timeout of every wait, far longer than needed.
const TIMEOUT: Duration = Duration::from_secs(120);

/// The binary under test, built once for all tests, in the profile of the tests.
///
/// # Panics
/// If the build fails.
pub fn rex() -> &'static Path {
    static REX: OnceLock<PathBuf> = OnceLock::new();
    REX.get_or_init(|| {
        let profile: &[&str] = if cfg!(debug_assertions) { &[] } else { &["--release"] };
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--package",
                "rex-cli",
                "--bin",
                "rex",
                "--message-format",
                "json",
            ])
            .args(profile)
            .current_dir(workspace())
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo runs");
        assert!(built.status.success(), "rex does not build");
        let messages = String::from_utf8(built.stdout).expect("cargo speaks UTF-8");
        let executable = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let executable = executable
            .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
            .next_back();
        executable.expect("cargo names the binary")
    })
}

/// Waits until a condition holds.
///
/// # Panics
/// If it does not hold within two minutes.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < TIMEOUT, "{what}: not within {TIMEOUT:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The root of the repository.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in the repository")
}

/// A temporary folder, laid out like that of a publisher: `corpus/`, and `index/` once it is built.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// A site with the shipped cases.
    ///
    /// # Panics
    /// If a file cannot be written, like all methods here.
    pub fn shipped() -> Self {
        let site = Self::empty();
        for entry in fs::read_dir(workspace().join("corpus")).expect("the repository has a corpus") {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().expect("a file has a name");
            fs::copy(&path, site.path().join("corpus").join(name)).expect("a copy");
        }
        site
    }

    /// A site with an empty corpus folder.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("corpus")).expect("a folder");
        Self { folder }
    }

    /// Path of the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the site.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), content).expect("a file");
    }

    /// Raises the time limits of searches, for tests of something else on a busy machine.
    ///
    /// # Panics
    /// If the configuration cannot be written.
    #[must_use]
    pub fn patient(self) -> Self {
        let file = self.path().join("rex.toml");
        let settings = fs::read_to_string(&file).unwrap_or_default();
        let limits = "[limits]\nqueue_ms = 60000\nsearch_ms = 60000\n";
        fs::write(file, settings + limits).expect("a file");
        self
    }

    /// A `rex` command in the folder, on a free port, without the environment variables of Rex.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(rex());
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        for name in [
            "REX_CONFIG",
            "REX_CORPUS",
            "REX_INDEX",
            "REX_ADDR",
            "REX_LOG_FORMAT",
            "REX_LOG_LEVEL",
            "NO_COLOR",
            "CLICOLOR_FORCE",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Runs `rex` and waits for it to exit.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).output().expect("rex runs"))
    }

    /// Starts `rex` on a free port and waits until it serves.
    ///
    /// # Panics
    /// If it exits instead.
    pub fn serve(&self) -> Server {
        Server::start(self.command(&["--addr", "127.0.0.1:0"])).unwrap_or_else(|ended| panic!("rex ended: {ended:?}"))
    }

    /// Starts `rex serve` with arguments on a free port and waits until it serves.
    ///
    /// # Panics
    /// If it exits instead.
    pub fn serve_with(&self, arguments: &[&str]) -> Server {
        let arguments = [&["serve", "--addr", "127.0.0.1:0"], arguments].concat();
        Server::start(self.command(&arguments)).unwrap_or_else(|ended| panic!("rex ended: {ended:?}"))
    }

    /// The names of the generations of the index, oldest first.
    pub fn generations(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path().join("index")).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<_> = names.filter(|name| name.starts_with("g-")).collect();
        names.sort();
        names
    }
}

/// A finished command.
#[derive(Debug)]
pub struct Ran(Output);

impl Ran {
    /// Its exit code.
    pub fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    /// Its standard output.
    pub fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).expect("rex speaks UTF-8")
    }

    /// Its standard error.
    pub fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).expect("rex speaks UTF-8")
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self(output)
    }
}

/// A serving `rex` process; stopped when dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
    said: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a command and waits until it prints its address.
    ///
    /// # Errors
    /// The exit status and standard error, if it exits instead.
    pub fn start(mut command: Command) -> Result<Self, (ExitStatus, Vec<String>)> {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("rex runs");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let mut said = Vec::new();
        for line in lines.by_ref().map_while(Result::ok) {
            let address = line
                .split("http://")
                .nth(1)
                .and_then(|rest| rest.split('/').next()?.parse().ok());
            said.push(line);
            if let Some(address) = address {
                let said = Arc::new(Mutex::new(said));
                let heard = Arc::clone(&said);
                // Keep reading, or the pipe fills up and blocks the server.
                std::thread::spawn(move || {
                    for line in lines.map_while(Result::ok) {
                        heard.lock().expect("no listener panics").push(line);
                    }
                });
                return Ok(Self { child, address, said });
            }
        }
        Err((child.wait().expect("a child to wait for"), said))
    }

    /// The lines on standard error so far.
    ///
    /// # Panics
    /// If the reader thread has panicked.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().expect("no listener panics").clone()
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process is running.
    ///
    /// # Panics
    /// If the system reports an error.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("a child to wait for").is_none()
    }

    /// Its listening address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The full URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends `GET` for a path.
    ///
    /// # Panics
    /// If there is no answer.
    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    /// Sends `GET` for a path, with headers.
    ///
    /// # Panics
    /// If there is no answer.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let answer = Client::of(self.address).get_with(path, headers);
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The answer of `/v1/search`.
    ///
    /// # Panics
    /// If its status is not 200.
    pub fn search(&self, parameters: &str) -> Value {
        let answer = self.get(&format!("/v1/search?{parameters}"));
        assert_eq!(answer.status, 200, "{parameters}: {}", answer.body);
        answer.json()
    }

    /// Sends a signal to the process and waits for it to exit.
    ///
    /// # Panics
    /// If it does not exit.
    pub fn stop(mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
        until(&format!("rex stops on {signal}"), || !self.is_alive());
        self.child.wait().expect("a child to wait for")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails if it has exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An HTTP client that reuses its connection.
pub struct Client {
    agent: ureq::Agent,
    address: SocketAddr,
}

impl Client {
    /// A client of the server at an address.
    pub fn of(address: SocketAddr) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .build()
            .new_agent();
        Self { agent, address }
    }

    /// Sends `GET` for a path.
    ///
    /// # Errors
    /// If there is no complete answer.
    pub fn get(&self, path: &str) -> Result<Answer, ureq::Error> {
        self.get_with(path, &[])
    }

    /// Sends `GET` for a path, with headers.
    ///
    /// # Errors
    /// If there is no complete answer.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer, ureq::Error> {
        let request = self.agent.get(format!("http://{}{path}", self.address));
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::read(request.call()?)
    }

    /// Sends `POST` with a JSON body.
    ///
    /// # Errors
    /// If there is no complete answer.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        let request = self.agent.post(format!("http://{}{path}", self.address));
        let request = request.header("content-type", "application/json");
        Answer::read(request.send(body.to_string())?)
    }
}

/// An HTTP answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Answer {
    fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Self, ureq::Error> {
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().read_to_string()?,
        })
    }

    /// A header; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }
}

/// The ids of the hits of an answer, in order.
pub fn ids(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().map(Vec::as_slice).unwrap_or_default();
    hits.iter().filter_map(|hit| hit["id"].as_str()).collect()
}

/// The values of a facet of an answer with their counts, in order; `path`s for a hierarchy, all levels.
pub fn values(answer: &Value, facet: &str) -> Vec<(String, u64)> {
    fn walk(values: &Value, found: &mut Vec<(String, u64)>) {
        for value in values.as_array().map(Vec::as_slice).unwrap_or_default() {
            let name = value["path"]
                .as_str()
                .or_else(|| value["value"].as_str())
                .unwrap_or_default();
            found.push((name.to_owned(), value["count"].as_u64().unwrap_or_default()));
            walk(&value["children"], found);
        }
    }
    let mut found = Vec::new();
    walk(&answer["facets"][facet]["values"], &mut found);
    found
}
