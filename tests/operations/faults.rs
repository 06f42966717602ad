//! Kills or fails a build at each write, sync, rename and removal in turn.
//!
//! strace injects the fault at the n-th call of a kind, counted per thread: a signal or an error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use rex_tests::Site;

use crate::client::{self, extent, figure};

/// System calls that change the disk. `open` is not among them, as it is also used for reading; the writes that follow it are.
const CALLS: [&str; 16] = [
    "write",
    "pwrite64",
    "writev",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "linkat",
    "link",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "ftruncate",
    "fchmod",
];

/// The fault to inject.
const FAULTS: [&str; 4] = ["signal=SIGKILL", "error=ENOSPC", "error=EIO", "error=EROFS"];

/// Maximum call number to try per kind.
const MOST: usize = 400;

#[test]
fn a_build_killed_at_any_write_or_rename_leaves_a_complete_generation() {
    faults("index", &FAULTS[..1], extent(20, usize::MAX));
}

#[test]
fn a_build_whose_disk_fails_at_any_call_says_so_and_leaves_a_complete_generation() {
    faults("index", &FAULTS[1..], extent(24, usize::MAX));
}

#[test]
fn going_back_that_is_killed_or_fails_at_any_call_leaves_a_complete_generation() {
    faults("rollback", &FAULTS, extent(10, usize::MAX));
}

fn faults(command: &'static str, faults: &[&'static str], most: usize) {
    let mut fixture = Fixture::new(command);
    let calls = fixture.calls();
    let points: Vec<_> = calls
        .iter()
        .flat_map(|(calls, most)| (1..=*most).map(move |number| (calls, number)))
        .flat_map(|(calls, number)| faults.iter().map(move |fault| (calls, number, *fault)))
        .collect();
    // A sample spread over all calls: one at random in each of equal ranges.
    let mut chance = fastrand::Rng::with_seed(3);
    let stretch = points.len().div_ceil(most);
    let chosen: Vec<_> = points
        .chunks(stretch)
        .map(|points| points[chance.usize(..points.len())])
        .collect();
    let mut ends = BTreeMap::<String, usize>::new();
    for (calls, number, fault) in &chosen {
        let end = fixture.fail(calls, *number, fault);
        *ends.entry(format!("{fault}: {end}")).or_default() += 1;
    }
    figure(format_args!(
        "rex {command}: {} of {} points tried: {calls:?}; {ends:?}",
        chosen.len(),
        points.len()
    ));
}

/// Calls of a kind, by thread.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Calls {
    /// Of the main thread, which builds and publishes.
    OfMain(String),
    /// Of all threads: the fault hits the first thread that makes its n-th call.
    OfAny(String),
}

impl Calls {
    fn name(&self) -> &str {
        let (Self::OfMain(name) | Self::OfAny(name)) = self;
        name
    }

    /// Options of strace to count them.
    fn followed(&self) -> &'static [&'static str] {
        match self {
            Self::OfMain(_) => &[],
            Self::OfAny(_) => &["--follow-forks"],
        }
    }
}

/// A site whose corpus changes before each build.
struct Fixture {
    site: Site,
    /// `index` or `rollback`.
    command: &'static str,
    version: usize,
}

impl Fixture {
    fn new(command: &'static str) -> Self {
        assert_strace_works();
        let mut fixture = Self {
            site: Site::shipped(),
            command,
            version: 0,
        };
        // As many generations as `keep`, so that each further build also removes one.
        for _ in 0..4 {
            fixture.build();
        }
        fixture
    }

    fn build(&mut self) {
        self.change();
        client::build(&self.site);
    }

    fn change(&mut self) {
        self.version += 1;
        let text = format!("---\ntitre: Version {}\n---\n## Besoin\nDes cartons.\n", self.version);
        self.site.write("corpus/change.md", text);
    }

    /// The number of calls of each kind by the main thread, and by the busiest other thread.
    fn calls(&mut self) -> BTreeMap<Calls, usize> {
        self.change();
        let log = self.site.path().join("trace");
        let options = ["--follow-forks", &format!("--trace={}", CALLS.join(","))];
        let traced = self.strace(&log, &options).output().expect("strace runs");
        assert!(traced.status.success(), "{traced:?}");
        let trace = fs::read_to_string(&log).expect("a trace");
        let main = trace.split_whitespace().next().expect("a thread").to_owned();
        let mut threads = BTreeMap::<(&str, &str), usize>::new();
        for line in trace.lines() {
            let (thread, call) = line.split_once(' ').expect("a thread and a call");
            let call = call.trim_start().split('(').next().unwrap_or_default();
            if CALLS.contains(&call) {
                *threads.entry((call, thread)).or_default() += 1;
            }
        }
        let mut calls = BTreeMap::new();
        for ((call, thread), count) in threads {
            let call = call.to_owned();
            let calls_of = if thread == main {
                Calls::OfMain(call)
            } else {
                Calls::OfAny(call)
            };
            let most = calls.entry(calls_of).or_insert(0);
            *most = count.min(MOST).max(*most);
        }
        calls
    }

    fn strace(&self, log: &Path, options: &[&str]) -> Command {
        let mut strace = Command::new("strace");
        strace.args(["-qq", "--output"]).arg(log).args(options);
        client::wrapped(&self.site.command(&[self.command]), strace)
    }

    /// Runs a build with a fault, then a clean one. Returns how the first one ended.
    fn fail(&mut self, calls: &Calls, number: usize, fault: &str) -> String {
        self.change();
        let before = client::assert_current_is_complete(&client::index_of(&self.site));
        let point = format!("{calls:?} number {number}, {fault}");
        let call = calls.name();
        let options = [
            &format!("--trace={call}"),
            &format!("--inject={call}:{fault}:when={number}"),
        ];
        let options = [calls.followed(), &options.map(String::as_str)].concat();
        let log = self.site.path().join("trace");
        let output = self.strace(&log, &options).output().expect("strace runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let after = client::assert_current_is_complete(&client::index_of(&self.site));
        let end = end_of(&output, fault).unwrap_or_else(|wrong| panic!("{point}: {wrong}: {said}"));
        match end {
            "done" => assert_ne!(after, before, "{point}: done, but nothing is new"),
            // If the write to standard error fails, there is only the exit code.
            "refused" if !said.is_empty() => {
                assert_eq!(said.lines().count(), 1, "{point}: not one sentence: {said}");
                assert!(said.starts_with("rex: "), "{point}: {said}");
            }
            _ => {}
        }
        self.build();
        end.to_owned()
    }
}

/// How a build with a fault ended; an error if it may not end like this.
fn end_of(output: &std::process::Output, fault: &str) -> Result<&'static str, String> {
    use std::os::unix::process::ExitStatusExt;
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("panicked at") {
        return Err("it panicked".to_owned());
    }
    match (output.status.code(), output.status.signal()) {
        (Some(0), _) => Ok("done"),
        (Some(1 | 3), _) => Ok("refused"),
        (_, Some(9)) | (Some(137), _) if fault.contains("SIGKILL") => Ok("killed"),
        _ => Err(format!("it ended with {}", output.status)),
    }
}

/// Checks that strace is installed and permitted.
fn assert_strace_works() {
    let tried = Command::new("strace")
        .args(["-qq", "--output", "/dev/null", "true"])
        .output();
    match tried {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!(
            "strace cannot trace here ({}): allow ptrace (in a container, --cap-add SYS_PTRACE)",
            String::from_utf8_lossy(&output.stderr).trim()
        ),
        Err(error) => panic!("strace cannot run ({error}): run `cargo xtask setup`, which installs it"),
    }
}
