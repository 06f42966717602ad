//! `rex serve --watch`: answers reflect a change of the corpus within seconds.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use rex_tests::{Client, Server, Site};

use crate::client::{self, Load, extent, figure};

#[test]
fn the_corpus_is_followed_without_a_failed_request() {
    let rounds = extent(2, 50);
    let site = Site::shipped().patient();
    let server = site.serve_with(&["--watch"]);
    let load = Load::start(&server, 2, |client, _| {
        let answer = client::search(client, "q=licorne&facettes=procedure")?;
        Ok(answer["generation"].as_str().unwrap_or_default().to_owned())
    });
    for round in 0..rounds {
        site.write("corpus/nouveau.md", format!("---\ntitre: Une licorne {round}\n---\n"));
        wait_for(&server, "licorne", &[&format!("Une licorne {round}")]);
        site.write(
            "corpus/nouveau.md",
            format!("---\ntitre: Une licorne grise {round}\n---\n"),
        );
        wait_for(&server, "licorne", &[&format!("Une licorne grise {round}")]);
        fs::remove_file(site.path().join("corpus/nouveau.md")).expect("a case to remove");
        wait_for(&server, "licorne", &[]);
    }
    let tally = load.stop();
    tally.assert_no_failure();
    drop(server);
    client::assert_index_is_sound(&site);
    figure(format_args!(
        "watch: {} changes followed, {} answers, 0 failed",
        3 * rounds,
        tally.answers()
    ));
}

#[test]
fn a_mistake_is_said_once_and_the_last_good_generation_served() {
    let site = Site::shipped().patient();
    let mut server = site.serve_with(&["--watch"]);
    let wanted = client::answers(&server);
    site.write("corpus/mauvais.md", "---\ntitre: X\ncpv: 1\n---\n");
    let said = || server.said().iter().filter(|line| line.contains("mauvais.md")).count();
    rex_tests::until("the mistake is said", || said() > 0);
    // Several poll intervals.
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(said(), 1, "{:?}", server.said());
    assert_eq!(client::answers(&server), wanted);
    assert!(server.is_alive());
    site.write("corpus/mauvais.md", "---\ntitre: Une licorne\n---\n");
    wait_for(&server, "licorne", &["Une licorne"]);
}

/// Waits until a search finds exactly the cases with these titles.
fn wait_for(server: &Server, word: &str, titles: &[&str]) {
    let client = Client::of(server.address());
    rex_tests::until(&format!("{word} finds {titles:?}"), || {
        let answer = client::search(&client, &format!("q={word}")).expect("an answer");
        let hits = answer["hits"].as_array().map(Vec::as_slice).unwrap_or_default();
        let found: Vec<_> = hits.iter().filter_map(|hit| hit["title"].as_str()).collect();
        found == titles
    });
}

#[test]
fn a_change_that_keeps_size_and_time_is_followed() {
    let site = Site::shipped().patient();
    let path = site.path().join("corpus/nouveau.md");
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    let written = path.metadata().and_then(|found| found.modified()).expect("a time");
    let server = site.serve_with(&["--watch"]);
    // Restored from a backup, or made readable again: only the change time differs.
    site.write("corpus/nouveau.md", "---\ntitre: Une salamen\n---\n");
    let file = fs::File::options().append(true).open(&path).expect("the case");
    file.set_modified(written).expect("a time");
    wait_for(&server, "salamen", &["Une salamen"]);
}

#[test]
fn a_corpus_that_could_not_be_read_is_read_within_seconds() {
    /// Less than the delay after a failing disk.
    const SECONDS: Duration = Duration::from_secs(40);
    let site = Site::shipped().patient();
    let server = site.serve_with(&["--watch"]);
    // The superuser may read everything, but open no file beyond the limit of the process.
    if !limit_files(&server, "3") {
        eprintln!("skipped: no prlimit");
        return;
    }
    rex_tests::until("the failure is said", || {
        server.said().iter().any(|line| line.contains("cannot read corpus: "))
    });
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    let mended = Instant::now();
    assert!(limit_files(&server, "1024"));
    wait_for(&server, "licorne", &["Une licorne"]);
    assert!(mended.elapsed() < SECONDS, "{:?}", mended.elapsed());
}

#[test]
fn judged_queries_are_followed() {
    let site = Site::shipped().patient();
    let server = site.serve_with(&["--watch"]);
    let judged = |id: &str| format!("floor = 0\n[[queries]]\nq = \"cartons\"\ncases = [\"{id}\"]\n");
    site.write("corpus/relevance.toml", judged("personne"));
    site.write("corpus/nouveau.md", "---\ntitre: Une licorne\n---\n");
    rex_tests::until("the refusal is said", || {
        server.said().iter().any(|line| line.contains("no case has the id"))
    });
    site.write("corpus/relevance.toml", judged("toulouse-ramassage-cartons"));
    wait_for(&server, "licorne", &["Une licorne"]);
}

/// Sets the soft limit of open files of a server; whether that was possible.
fn limit_files(server: &Server, limit: &str) -> bool {
    let process = server.id().to_string();
    let set = Command::new("prlimit")
        .args(["--pid", &process, &format!("--nofile={limit}:")])
        .status();
    set.is_ok_and(|status| status.success())
}
