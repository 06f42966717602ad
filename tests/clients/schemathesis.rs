//! Schemathesis sends requests that the OpenAPI document allows, and others, and checks each answer against the document.

use std::fs;
use std::process::Command;
use std::thread;

use rex_tests::{Server, Site, made, workspace};
use serde_json::{Value, json};

use crate::installed;

/// Checks of every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,unsupported_method";

/// Maximum number of test cases per operation and phase; operations with few parameters have fewer.
const EXAMPLES: &str = "300";

/// Minimum number of test cases in total.
const ENOUGH: u64 = 5_000;

/// Seed of the requests, so that runs are reproducible; `REX_SCHEMATHESIS_SEED` overrides it.
const SEED: &str = "1";

#[test]
fn no_answer_is_a_failure_or_outside_the_description() {
    let shipped = Site::shipped();
    let varied = Site::shipped();
    varied.write("corpus/made.jsonl", made::lines(made::records(made::COUNT)));
    varied.write(
        "corpus/judged.jsonl",
        fs::read(workspace().join("tests/relevance/cases.jsonl")).expect("the judged cases"),
    );
    varied.write("corpus/odd.jsonl", odd());
    let (shipped, varied) = (shipped.patient(), varied.patient());
    let servers = [shipped.serve(), varied.serve()];
    let asked: u64 = thread::scope(|scope| {
        let runs = servers.each_ref().map(|server| scope.spawn(move || run(server)));
        runs.map(|run| run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .iter()
            .sum()
    });
    eprintln!("schemathesis asked {asked} cases");
    assert!(asked >= ENOUGH, "only {asked} cases, expected {ENOUGH}");
}

/// A record at the limits of what a corpus allows.
fn odd() -> String {
    let text = "\u{202e}<b>\"'&\u{0}\u{1f468}\u{200d}\u{1f469}";
    json!({
        "id": "étrange",
        "titre": text,
        "themes": [text],
        "acheteur": {"nom": text},
        "titulaires": [{"nom": text, "structure": text}],
        "territoire": [text.replace('>', "")],
        "sections": [{"titre": text, "texte": text.repeat(1_000)}],
    })
    .to_string()
}

/// Tests a server and returns the number of test cases.
///
/// # Panics
/// If an answer differs from the document, with the report of schemathesis and `curl` commands.
fn run(server: &Server) -> u64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let report = folder.path().join("report.json");
    let seed = std::env::var("REX_SCHEMATHESIS_SEED").unwrap_or_else(|_| SEED.to_owned());
    let ran = Command::new(installed::python("schemathesis"))
        .arg("run")
        .arg(server.url("/v1/openapi.json"))
        .args(["--checks", CHECKS, "--max-examples", EXAMPLES, "--seed", &seed])
        .args([
            "--generation-database",
            "none",
            "--no-color",
            "--report",
            "json",
            "--report-json-path",
        ])
        .arg(&report)
        // Its other files are not needed by the next run.
        .current_dir(folder.path())
        .env("PYTHONPATH", installed::folder())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks")
        .env("REX_URL", server.url(""))
        .output()
        .expect("schemathesis runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success(),
        "schemathesis, with the seed {seed}:\n{said}\n{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let report: Value = serde_json::from_slice(&fs::read(report).expect("a report")).expect("a report in JSON");
    assert_eq!(report["stop_reason"], "completed", "{said}");
    for (operation, phases) in report["valid_rates"].as_object().expect("rates of each operation") {
        let accepted = phases["fuzzing"]["accepted"].as_u64().unwrap_or_default();
        assert!(accepted > 0, "{operation} answered nothing but refusals:\n{said}");
    }
    report["test_cases"]["generated"].as_u64().expect("a number of cases")
}
