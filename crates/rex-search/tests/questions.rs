//! A hundred questions about the shipped cases, twenty for each, and the case that should come first (`tests/relevance/questions.jsonl`).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use rex_corpus::Corpus;
use rex_indexer::IndexWriter;
use rex_query::{SearchBackend, SearchRequest};
use rex_search::Engine;
use tantivy::directory::RamDirectory;

/// Questions of a hundred whose case comes first, at least. Raise it when more do.
const FLOOR: usize = 95;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shipped() -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    let report = Corpus::open(&root().join("corpus"))
        .unwrap()
        .read(|record, _| writer.add(&record))
        .unwrap();
    assert_eq!(report.problems, []);
    writer.finish().unwrap();
    Engine::open(directory, "test").unwrap()
}

#[test]
fn the_case_that_is_asked_for_comes_first() {
    let engine = shipped();
    let text = fs::read_to_string(root().join("tests/relevance/questions.jsonl")).unwrap();
    let questions: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(questions.len(), 100);
    let mut right = 0;
    for question in &questions {
        let (query, expected) = (question["q"].as_str().unwrap(), question["id"].as_str().unwrap());
        let request = SearchRequest {
            query: query.to_owned(),
            facets: Vec::new(),
            ..SearchRequest::default()
        };
        let hits = engine.search(&request).unwrap().hits;
        let found: Vec<&str> = hits.iter().map(|hit| hit.record.id.as_str()).collect();
        if found.first() == Some(&expected) {
            right += 1;
        } else {
            println!("{query:?}: found {found:?}, expected {expected}");
        }
    }
    println!("{right} of {} questions find their case first", questions.len());
    assert!(
        right >= FLOOR,
        "{right} questions find their case first, expected at least {FLOOR}"
    );
}
