//! The search log, `rex report`, and the event log.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use rex_tests::Site;
use serde_json::{Value, json};

/// The lines of the search log of a site.
fn logged(site: &Site) -> Vec<Value> {
    let entries = fs::read_dir(site.path().join("searches"))
        .into_iter()
        .flatten()
        .flatten();
    let mut lines = Vec::new();
    for entry in entries {
        let text = fs::read_to_string(entry.path()).expect("a file of text");
        lines.extend(
            text.lines()
                .map(|line| serde_json::from_str::<Value>(line).expect("JSON")),
        );
    }
    lines
}

#[test]
fn nothing_is_logged_unless_it_is_asked_for() {
    let site = Site::shipped();
    let server = site.serve();
    server.search("q=bambou");
    server.stop("-TERM");
    let mut names: Vec<_> = fs::read_dir(site.path())
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["corpus", "index"]);
    let ran = site.run(&["report"]);
    assert_eq!(
        (ran.code(), ran.stderr().as_str()),
        (
            Some(1),
            "rex: the search log is off; set log = \"searches\" under [searches] in rex.toml to turn it on\n"
        )
    );
}

#[test]
fn every_door_to_a_search_is_logged_once_and_nothing_of_who_came() {
    let site = Site::shipped();
    site.write("rex.toml", "[searches]\nlog = 'searches'\n");
    let server = site.serve();
    let files = std::fs::read_dir(site.path().join("searches")).expect("a folder");
    assert_eq!(files.count(), 0, "not before a search");
    let who = [
        ("user-agent", "un-navigateur"),
        ("cookie", "qui=moi"),
        ("x-forwarded-for", "198.51.100.7"),
    ];
    for path in [
        "/v1/search?q=Bambou&procedure=X&nature=services",
        "/recherche?q=tri",
        "/?q=carton",
        "/indexes/rex/search?q=licorne&filter=nature%3Dtravaux",
        // None of these is a search typed by a visitor.
        "/v1/search?q=bambou&page=2&par_page=1",
        "/indexes/rex/search?q=bambou&limit=0",
        "/recherche?q=bambou&tri=faux",
        "/v1/suggest?q=bam",
        "/v1/export.csv?q=bambou",
        "/v1/feed.atom?q=bambou",
        "/v1/docs",
        "/integrer",
        "/",
    ] {
        server.get_with(path, &who);
    }
    server.stop("-TERM");
    let lines = logged(&site);
    let said: Vec<_> = lines
        .iter()
        .map(|line| (line["q"].as_str().unwrap_or_default(), line["facets"].clone()))
        .collect();
    let expected = [
        ("Bambou", json!(["nature", "procedure"])),
        ("tri", json!([])),
        ("carton", json!([])),
        ("licorne", json!(["nature"])),
    ];
    assert_eq!(said, expected);
    for line in &lines {
        let keys: Vec<_> = line.as_object().into_iter().flat_map(|line| line.keys()).collect();
        assert_eq!(keys, ["facets", "hour", "page", "q", "total"], "{line}");
        assert_eq!(
            line["hour"].as_str().map(str::len),
            Some("2026-11-24T21Z".len()),
            "{line}"
        );
    }
}

#[test]
fn the_report_says_what_is_looked_for_and_not_found() {
    let site = Site::shipped();
    site.write("rex.toml", "[searches]\nlog = 'searches'\n");
    let ran = site.run(&["report"]);
    assert_eq!(
        (ran.code(), ran.stdout()),
        (Some(0), "No search is logged in searches yet.\n".to_owned())
    );
    let server = site.serve();
    for query in ["q=Licorne"; 3] {
        server.search(query);
    }
    for query in ["q=licorne", "q=LICORNE&nature=services", "q=secretissime"] {
        server.search(query);
    }
    for _ in 0..6 {
        server.search("q=bambou&theme=x");
    }
    server.stop("-TERM");
    let file = fs::read_dir(site.path().join("searches")).expect("a folder").next();
    let file = file.expect("a file").expect("a file").path();
    let mut text = fs::read_to_string(&file).expect("text");
    text.push_str("{\"hour\":\"2026-");
    fs::write(&file, text).expect("a file");

    let ran = site.run(&["report", "--json"]);
    assert_eq!((ran.code(), ran.stderr().as_str()), (Some(0), ""));
    let report: Value = serde_json::from_str(&ran.stdout()).expect("JSON");
    assert_eq!(report["searches"], 12, "{report}");
    assert_eq!(report["without_result"], 12);
    assert_eq!(report["queries"][0]["query"], "bambou");
    assert_eq!(
        report["queries"][1],
        json!({"query": "Licorne", "searches": 5, "mean_total": 0.0})
    );
    assert_eq!(
        report["missing"],
        json!([{"query": "Licorne", "searches": 5, "without_result": 4}]),
        "a search that was narrowed to nothing misses no case"
    );
    assert_eq!(report["facets"][0], json!({"facet": "theme", "searches": 6}));
    assert_eq!(
        report["left_out"],
        json!({"rare_searches": 1, "unfinished_searches": 0, "damaged_lines": 1, "more_queries": false})
    );

    let ran = site.run(&["report", "--top", "1"]);
    let text = ran.stdout();
    assert!(
        text.starts_with("12 searches, 20") && text.contains("; 100.0 % found no case\n"),
        "{text}"
    );
    assert!(
        text.contains("\nMissing cases (cas manquants): ") && text.contains("       4         5  Licorne\n"),
        "{text}"
    );
    assert!(
        text.contains("1 search left out of the lists, for words that fewer than 5 searches share.\n"),
        "{text}"
    );
    assert!(text.ends_with("1 damaged line passed over.\n"), "{text}");
    assert_eq!(text.matches("bambou").count(), 1, "{text}");
    assert!(!text.contains("secretissime"), "{text}");
    assert_eq!(site.run(&["report", "--top", "0"]).code(), Some(2));
}

#[test]
fn the_log_of_events_is_json_from_the_first_line_to_the_last() {
    let site = Site::shipped();
    site.write("rex.toml", "[log]\nformat = 'json'\nlevel = 'error'\n");
    let mut child = site
        .command(&["serve", "--addr", "127.0.0.1:0", "--log-level", "info"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("rex runs");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let mut next = || -> Value {
        let line = lines.next().expect("a line").expect("UTF-8");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"))
    };
    let said = next();
    let message = said["message"].as_str().expect("a message");
    let address = message.split("http://").nth(1).and_then(|rest| rest.split('/').next());
    let url = format!("http://{}/v1/search?q=secretissime", address.expect("an address"));
    let answer = ureq::get(&url)
        .header("x-request-id", "essai-1")
        .call()
        .expect("an answer");
    assert_eq!(answer.headers()["x-request-id"], "essai-1");
    let event = next();
    assert_eq!(event["span"]["request_id"], "essai-1", "{event}");
    assert_eq!(
        (&event["level"], &event["message"]),
        (&json!("INFO"), &json!("request"))
    );
    assert_eq!(
        (&event["route"], &event["status"], &event["method"]),
        (&json!("/v1/search"), &json!(200), &json!("GET"))
    );
    assert!(
        event["duration_ms"].is_f64() && !event.to_string().contains("secretissime"),
        "{event}"
    );
    let _ = std::process::Command::new("kill").arg(child.id().to_string()).status();
    assert_eq!(
        next()["message"],
        "Rex completes running requests; Ctrl-C again stops it at once"
    );
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}
