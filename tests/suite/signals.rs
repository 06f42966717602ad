//! Signals to the real binary: none kills it halfway.
#![cfg(unix)]

use std::fs;
use std::process::{Child, Command, Stdio};

use rex_tests::{Ran, Site, made, until};

/// Enough records for a build that a signal can reach.
const RECORDS: usize = 8_000;

fn send(process: u32, signal: &str) {
    let sent = Command::new("kill").args([signal, &process.to_string()]).status();
    assert!(sent.expect("kill runs").success(), "{signal}");
}

/// Starts a command and sends a signal once it builds.
fn signalled(site: &Site, mut command: Command, signals: &[&str]) -> Ran {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rex runs");
    let building = site.path().join("index/.building");
    until("a build starts", || building.exists() || has_ended(&mut child));
    signals.iter().for_each(|signal| send(child.id(), signal));
    Ran::from(child.wait_with_output().expect("an end"))
}

fn has_ended(child: &mut Child) -> bool {
    child.try_wait().expect("a child to wait for").is_some()
}

fn large() -> Site {
    let site = Site::empty();
    site.write("corpus/marches.jsonl", made::lines(made::records(RECORDS)));
    site
}

fn leftovers(site: &Site) -> Vec<String> {
    let entries = fs::read_dir(site.path().join("index")).expect("an index").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name != ".lock" && name != ".digested").collect()
}

#[test]
fn a_build_that_is_stopped_leaves_nothing() {
    let site = large();
    for (arguments, signal) in [
        (&["index"][..], "-HUP"),
        (&["index"], "-TERM"),
        (&["search", "tri"], "-INT"),
        (&["serve", "--addr", "127.0.0.1:0"], "-TERM"),
    ] {
        let ran = signalled(&site, site.command(arguments), &[signal]);
        assert_eq!(
            (ran.code(), ran.stdout().as_str()),
            (Some(130), ""),
            "{arguments:?} {}",
            ran.stderr()
        );
        assert_eq!(ran.stderr(), "rex: stopped; what was not complete is removed\n");
        assert_eq!(leftovers(&site), [] as [&str; 0], "{arguments:?}");
    }
}

#[test]
fn other_signals_do_not_stop_a_build() {
    let site = large();
    let ran = signalled(&site, site.command(&["index"]), &["-USR1", "-USR2", "-ALRM"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert_eq!(site.generations().len(), 1);
}

#[test]
fn nohup_keeps_a_build_alive() {
    let site = large();
    let rex = site.command(&[]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' HUP; exec \"$0\" index"])
        .arg(rex.get_program())
        .current_dir(site.path());
    let ran = signalled(&site, command, &["-HUP"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert_eq!(site.generations().len(), 1);
}

#[test]
fn a_server_survives_signals_and_opens_its_search_log_again() {
    let site = Site::shipped();
    site.write("rex.toml", "[searches]\nlog = \"log\"\n");
    let mut server = site.serve();
    let logged = |folder: &str| {
        let files = fs::read_dir(site.path().join(folder)).into_iter().flatten().flatten();
        let lines = files.map(|file| fs::read_to_string(file.path()).unwrap_or_default().lines().count());
        lines.sum::<usize>()
    };
    server.search("q=cartons");
    until("a search is logged", || logged("log") == 1);
    fs::rename(site.path().join("log"), site.path().join("moved")).expect("a folder to move");
    for signal in ["-USR1", "-USR2", "-ALRM", "-HUP"] {
        send(server.id(), signal);
    }
    until("it is said", || {
        server
            .said()
            .iter()
            .any(|line| line.contains("the search log is opened again"))
    });
    assert!(
        server
            .said()
            .iter()
            .any(|line| line.contains("restart rex to change them"))
    );
    server.search("q=bambou");
    until("a search is logged", || logged("log") == 1);
    assert_eq!(logged("moved"), 1);
    assert!(server.is_alive());
    assert_eq!(server.get("/health").status, 200);
    assert_eq!(server.stop("-TERM").code(), Some(0));
}
