//! Every write, sync, rename and removal of a build, killed or failed one after the other.
//!
//! strace does it: it stops a build at the n-th call of a kind, counted in each thread, and kills it there or has the call fail.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use rex_tests::Site;

use crate::client::{self, extent, figure};

/// The calls that change what is on disk. A file is opened for writing by the same call as for reading, and is not among them: what
/// is written to it is.
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

/// What is done to a call.
const FAULTS: [&str; 4] = ["signal=SIGKILL", "error=ENOSPC", "error=EIO", "error=EROFS"];

/// Calls of a kind beyond this are not told apart: a build whose calls grow without bound is another matter.
const MOST: usize = 400;

#[test]
fn a_build_killed_at_any_write_or_rename_leaves_a_complete_generation() {
    faults(&FAULTS[..1], extent(24, usize::MAX));
}

#[test]
fn a_build_whose_disk_fails_at_any_call_says_so_and_leaves_a_complete_generation() {
    faults(&FAULTS[1..], extent(36, usize::MAX));
}

fn faults(faults: &[&str], most: usize) {
    let mut fixture = Fixture::new();
    let counts = fixture.counts();
    let points: Vec<_> = counts
        .iter()
        .flat_map(|(call, count)| (1..=*count).map(move |number| (call.as_str(), number)))
        .flat_map(|(call, number)| faults.iter().map(move |fault| (call, number, *fault)))
        .collect();
    let step = points.len().div_ceil(most).max(1);
    let tried: Vec<_> = points.iter().step_by(step).collect();
    let mut ends = BTreeMap::<String, usize>::new();
    for (call, number, fault) in &tried {
        let end = fixture.fail(call, *number, fault);
        *ends.entry(format!("{fault}: {end}")).or_default() += 1;
    }
    figure(format_args!(
        "{} of {} points tried: {counts:?}; {ends:?}",
        tried.len(),
        points.len()
    ));
}

/// A site whose corpus has something new before each build.
struct Fixture {
    site: Site,
    version: usize,
}

impl Fixture {
    fn new() -> Self {
        assert_strace_works();
        let mut fixture = Self {
            site: Site::shipped(),
            version: 0,
        };
        // As many generations as are kept: from here on, each build also removes one.
        for _ in 0..4 {
            fixture.change();
            client::build(&fixture.site);
        }
        fixture
    }

    fn change(&mut self) {
        self.version += 1;
        let text = format!("---\ntitre: Version {}\n---\n## Besoin\nDes cartons.\n", self.version);
        self.site.write("corpus/change.md", text);
    }

    /// How many calls of each kind the busiest thread of a build makes.
    fn counts(&mut self) -> BTreeMap<String, usize> {
        self.change();
        let log = self.site.path().join("trace");
        let traced = self
            .strace(&log, &[&format!("--trace={}", CALLS.join(","))])
            .output()
            .expect("strace runs");
        assert!(traced.status.success(), "{traced:?}");
        let mut threads = BTreeMap::<(String, String), usize>::new();
        for line in fs::read_to_string(&log).expect("a trace").lines() {
            let mut words = line.splitn(2, ' ');
            let thread = words.next().unwrap_or_default().to_owned();
            let call = words
                .next()
                .unwrap_or_default()
                .trim_start()
                .split('(')
                .next()
                .unwrap_or_default();
            if CALLS.contains(&call) {
                *threads.entry((call.to_owned(), thread)).or_default() += 1;
            }
        }
        let mut counts = BTreeMap::new();
        for ((call, _), count) in threads {
            let most = counts.entry(call).or_insert(0);
            *most = count.min(MOST).max(*most);
        }
        counts
    }

    fn strace(&self, log: &Path, options: &[&str]) -> Command {
        let mut strace = Command::new("strace");
        strace
            .args(["--follow-forks", "-qq", "--output"])
            .arg(log)
            .args(options);
        client::wrapped(&self.site.command(&["index"]), strace)
    }

    /// One build that fails at a call, and a clean one after it. How the first ended.
    fn fail(&mut self, call: &str, number: usize, fault: &str) -> String {
        self.change();
        let before = client::assert_current_is_complete(&client::index_of(&self.site));
        let point = format!("{call} number {number}, {fault}");
        let inject = format!("--inject={call}:{fault}:when={number}");
        let log = self.site.path().join("trace");
        let output = self
            .strace(&log, &[&format!("--trace={call}"), &inject])
            .output()
            .expect("strace runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let after = client::assert_current_is_complete(&client::index_of(&self.site));
        let end = end_of(&output, fault).unwrap_or_else(|wrong| panic!("{point}: {wrong}: {said}"));
        match end {
            "done" => assert_ne!(after, before, "{point}: done, but nothing is new"),
            "refused" if call != "write" || !said.is_empty() => {
                assert_eq!(said.lines().count(), 1, "{point}: not one sentence: {said}");
                assert!(said.starts_with("rex: "), "{point}: {said}");
            }
            _ => {}
        }
        self.change();
        client::build(&self.site);
        end.to_owned()
    }
}

/// How a build ended to which something was done, if it may end so.
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

/// strace has to be there, and allowed to trace: nothing of this can be tried otherwise.
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
