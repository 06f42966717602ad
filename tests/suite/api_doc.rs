//! Runs the examples of docs/API.md against the shipped cases, and compares the answers with those shown.

use std::fs;
use std::process::Command;

use rex_tests::{Server, Site, workspace};
use serde_json::Value;

/// A fenced block of the document.
struct Block {
    line: usize,
    language: String,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = document.lines().enumerate();
    while let Some((line, fence)) = lines.next() {
        let Some(language) = fence.strip_prefix("```") else {
            continue;
        };
        let text: Vec<&str> = lines
            .by_ref()
            .map(|(_, text)| text)
            .take_while(|text| *text != "```")
            .collect();
        blocks.push(Block {
            line: line + 1,
            language: language.to_owned(),
            text: text.join("\n"),
        });
    }
    blocks
}

/// The output of a block in a shell, with the URL of the server in `$REX`.
fn run(block: &Block, server: &Server) -> String {
    let ran = Command::new("sh")
        .args(["-eu", "-c", &block.text])
        .env("REX", server.url(""))
        .output()
        .expect("sh runs");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success(),
        "docs/API.md:{}: {said} (the examples need curl)",
        block.line
    );
    String::from_utf8(ran.stdout).expect("UTF-8")
}

/// The first difference between an answer and the shown one: an answer may have more keys, and longer lists.
fn difference(at: &str, answer: &Value, shown: &Value) -> Option<String> {
    match (answer, shown) {
        (Value::Object(answer), Value::Object(shown)) => shown.iter().find_map(|(key, shown)| {
            difference(&format!("{at}.{key}"), answer.get(key).unwrap_or(&Value::Null), shown)
        }),
        (Value::Array(answer), Value::Array(shown)) => {
            let each = shown.iter().enumerate();
            each.into_iter().find_map(|(rank, shown)| {
                difference(
                    &format!("{at}[{rank}]"),
                    answer.get(rank).unwrap_or(&Value::Null),
                    shown,
                )
            })
        }
        (Value::Number(answer), Value::Number(shown)) if answer.as_f64() == shown.as_f64() => None,
        _ => (answer != shown).then(|| format!("{at} shows {shown}, answered {answer}")),
    }
}

#[test]
fn the_examples_of_the_document_are_answered_as_it_says() {
    let document = fs::read_to_string(workspace().join("docs/API.md")).expect("docs/API.md");
    let blocks = blocks(&document);
    let site = Site::shipped();
    let server = site.serve();
    let mut examples = 0;
    for (rank, block) in blocks.iter().enumerate() {
        if block.language != "sh" || !block.text.contains("curl") {
            continue;
        }
        examples += 1;
        let printed = run(block, &server);
        let at = format!("docs/API.md:{}", block.line);
        match blocks.get(rank + 1) {
            Some(shown) if shown.language == "json" => {
                let answer: Value =
                    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{at}: {error} in {printed}"));
                let shown: Value = serde_json::from_str(&shown.text).unwrap_or_else(|error| panic!("{at}: {error}"));
                if let Some(difference) = difference(&at, &answer, &shown) {
                    panic!("{difference}");
                }
            }
            Some(shown) if shown.language == "text" => {
                for line in shown.text.lines() {
                    assert!(printed.contains(line), "{at}: shows {line:?}, answered {printed}");
                }
            }
            _ => panic!("{at}: an example without an answer"),
        }
    }
    assert!(
        examples >= 10,
        "{examples} examples: the document is not read as it should"
    );
}

#[test]
fn every_address_of_the_api_is_in_the_document() {
    let document = fs::read_to_string(workspace().join("docs/API.md")).expect("docs/API.md");
    let site = Site::shipped();
    let answer = site.serve().get("/v1/openapi.json").json();
    for path in answer["paths"].as_object().into_iter().flat_map(|paths| paths.keys()) {
        assert!(document.contains(path.as_str()), "{path} is not in docs/API.md");
    }
}
