//! Files that are named to Rex and are none: pipes, devices, folders, and files without end.
#![cfg(unix)]

use std::fs;
use std::process::{Command, Stdio};

use rex_tests::{Ran, Site, until};

/// Runs a command that must end by itself, with a standard input that never ends.
fn run(site: &Site, arguments: &[&str]) -> Ran {
    let mut child = site
        .command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rex runs");
    let _input = child.stdin.take();
    until(&format!("{arguments:?} ends"), || {
        child.try_wait().expect("a child to wait for").is_some()
    });
    Ran::from(child.wait_with_output().expect("an end"))
}

/// Asserts that a command fails at once with one sentence.
fn assert_refused(site: &Site, arguments: &[&str], expected: &str) {
    let ran = run(site, arguments);
    let said = ran.stderr();
    assert_eq!(
        (ran.code(), said.lines().count()),
        (Some(1), 1),
        "{arguments:?}: {said}"
    );
    assert!(said.contains(expected), "{arguments:?}: {said}");
}

/// A site with a pipe that nobody writes to, a folder, and a file of 40 MiB without a line break.
fn site() -> Site {
    let site = Site::shipped();
    let made = Command::new("mkfifo").arg(site.path().join("pipe")).status();
    assert!(made.expect("mkfifo runs").success());
    fs::create_dir(site.path().join("folder")).expect("a folder");
    let large = fs::File::create(site.path().join("large")).expect("a file");
    large.set_len(40 << 20).expect("space");
    site
}

const STREAMS: [(&str, &str); 4] = [
    ("pipe", "no regular file"),
    ("/dev/zero", "no regular file"),
    ("/dev/stdin", "no regular file"),
    ("folder", "it is a folder"),
];

#[test]
fn a_configuration_is_a_file_of_bounded_size() {
    let site = site();
    for (name, expected) in STREAMS.into_iter().chain([("large", "larger than 1048576 bytes")]) {
        assert_refused(
            &site,
            &["check", "--config", name],
            &format!("cannot read the configuration {name}: "),
        );
        assert_refused(&site, &["serve", "--config", name], expected);
    }
    site.write("mine.toml", "corpus = \"nowhere\"\n");
    std::os::unix::fs::symlink("mine.toml", site.path().join("link.toml")).expect("a link");
    assert_refused(
        &site,
        &["check", "--config", "link.toml"],
        "no corpus folder at nowhere",
    );
}

#[test]
fn what_the_configuration_names_is_a_file_of_bounded_size() {
    let site = site();
    for (name, expected) in STREAMS.into_iter().chain([("large", "larger than ")]) {
        site.write("rex.toml", format!("cpv = \"{name}\"\n"));
        assert_refused(&site, &["serve"], expected);
        site.write("rex.toml", format!("[site]\nlogo = \"{name}\"\n"));
        assert_refused(&site, &["serve"], expected);
    }
    site.write("rex.toml", "");
    for (name, expected) in [
        ("pipe", "no regular file"),
        ("large", "larger than "),
        ("/dev/zero", "no regular file"),
    ] {
        let gate = site.path().join("corpus/relevance.toml");
        std::os::unix::fs::symlink(site.path().join(name), &gate).expect("a link");
        assert_refused(&site, &["index"], expected);
        fs::remove_file(gate).expect("a link to remove");
    }
    for (name, expected) in STREAMS {
        assert_refused(
            &site,
            &["eval", "--docs", "x", "--qrels", "x", "--queries", name],
            expected,
        );
        site.write("rex.toml", format!("sources = [\"{name}\"]\n"));
        assert_refused(
            &site,
            &["index"],
            if name == "folder" {
                "holds no case"
            } else {
                "takes folders, .md and .jsonl files"
            },
        );
    }
}

#[test]
fn a_search_log_that_cannot_be_written_is_an_error_at_the_start() {
    let site = site();
    let month = |folder: &str| {
        let output = Command::new("date").args(["-u", "+%Y-%m"]).output().expect("date runs");
        let month = String::from_utf8(output.stdout).expect("text");
        site.path()
            .join(folder)
            .join(format!("searches-{}.jsonl", month.trim()))
    };
    for (log, expected) in [
        ("large", "cannot write the search log in ./large: "),
        ("large/log", "cannot write the search log in ./large/log: "),
        ("pipe", "cannot write the search log in "),
        ("/dev/null", "cannot write the search log in /dev/null: "),
        ("/proc/nowhere", "cannot write the search log in /proc/nowhere: "),
    ] {
        site.write("rex.toml", format!("[searches]\nlog = \"{log}\"\n"));
        assert_refused(&site, &["serve"], expected.replace("./", "").as_str());
    }
    site.write("rex.toml", "[searches]\nlog = \"folder\"\n");
    let file = month("folder");
    for target in ["pipe", "folder", "/dev/null"] {
        std::os::unix::fs::symlink(site.path().join(target), &file).expect("a link");
        assert_refused(&site, &["serve"], "cannot write the search log in folder: it is ");
        if target != "folder" {
            assert_refused(&site, &["report"], "no regular file");
        }
        fs::remove_file(&file).expect("a link to remove");
    }
    assert!(!site.path().join("index").exists(), "refused before anything is built");
    // A folder that does not exist yet is created.
    site.write("rex.toml", "[searches]\nlog = \"neu/log\"\n");
    let server = site.serve();
    assert_eq!(fs::read_dir(site.path().join("neu/log")).expect("a folder").count(), 0);
    drop(server);
}
