//! What people type, and the case they should find first: the shipped corpus, searched.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rex_corpus::Corpus;
use rex_indexer::IndexWriter;
use rex_query::Facet;
use rex_query::{Filters, SearchBackend, SearchRequest, SearchResponse, Selection};
use rex_search::Engine;
use tantivy::directory::RamDirectory;

const TOULOUSE: &str = "toulouse-ramassage-cartons";
const LYON: &str = "lyon-reemploi-materiel-numerique";
const PARIS: &str = "paris-precarite-energetique";
const MTSAMBORO: &str = "mtsamboro-guichet-bancaire-bambou";
const MAINE_ET_LOIRE: &str = "maine-et-loire-remplacements-colleges";

fn shipped() -> Engine {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    let report = Corpus::open(&folder)
        .unwrap()
        .read(|record, _| writer.add(&record))
        .unwrap();
    assert_eq!(report.problems, []);
    writer.finish().unwrap();
    Engine::open(directory, "test").unwrap()
}

fn search(engine: &Engine, query: &str) -> SearchResponse {
    let request = SearchRequest {
        query: query.to_owned(),
        ..SearchRequest::default()
    };
    engine.search(&request).unwrap()
}

fn ids(response: &SearchResponse) -> Vec<&str> {
    response.hits.iter().map(|hit| hit.record.id.as_str()).collect()
}

#[test]
fn the_right_case_comes_first() {
    let engine = shipped();
    for (query, expected) in [
        ("insertion déchets", vec![TOULOUSE, LYON]),
        ("insertion dechets", vec![TOULOUSE, LYON]),
        ("INSERTION DÉCHETS", vec![TOULOUSE, LYON]),
        ("l’insertion par les déchets", vec![TOULOUSE, LYON]),
        ("l'insertion par le déchet", vec![TOULOUSE, LYON]),
        ("précarité énergétique", vec![PARIS]),
        ("precarite energetique\u{a0}?", vec![PARIS]),
        ("collège", vec![MAINE_ET_LOIRE]),
        ("colleges", vec![MAINE_ET_LOIRE]),
        ("bambou", vec![MTSAMBORO]),
        ("ordinateurs reconditionnés", vec![LYON]),
        ("réemploi", vec![LYON]),
        ("SOLIHA", vec![PARIS]),
        ("greenburo", vec![TOULOUSE]),
        ("M'Tsambo", vec![MTSAMBORO]),
        ("M’TSAMBO", vec![MTSAMBORO]),
        ("mtsambo", vec![MTSAMBORO]),
        ("Mtsamboro", vec![MTSAMBORO]),
        ("75231240-8 cartons", vec![TOULOUSE]),
        ("matériau local", vec![MTSAMBORO]),
        ("\"précarité énergétique\" logement", vec![PARIS]),
    ] {
        let response = search(&engine, query);
        let found = ids(&response);
        assert_eq!(found.get(..expected.len()), Some(expected.as_slice()), "{query}");
    }
}

#[test]
fn a_phrase_keeps_its_order() {
    assert_eq!(search(&shipped(), "\"énergétique précarité\"").total, 0);
}

#[test]
fn most_words_are_better_than_nothing() {
    let engine = shipped();
    let response = search(&engine, "ramassage cartons licornes");
    assert!(response.suggestions.relaxed);
    assert_eq!(ids(&response)[0], TOULOUSE);
    assert!(!search(&engine, "ramassage cartons").suggestions.relaxed);
    assert_eq!(search(&engine, "licornes").total, 0);
    assert_eq!(search(&engine, "licornes dragons chimères").total, 0);
}

#[test]
fn filters_do_not_relax_the_words() {
    let engine = shipped();
    let mut filters = Filters::default();
    filters.add(Facet::Nature, Selection::Value("travaux".to_owned()));
    let request = SearchRequest {
        query: "ramassage cartons".to_owned(),
        filters,
        ..SearchRequest::default()
    };
    let response = engine.search(&request).unwrap();
    assert_eq!((response.total, response.suggestions.relaxed), (0, false));
}

#[test]
fn an_exclusion_takes_cases_out() {
    let engine = shipped();
    let all = search(&engine, "insertion");
    let fewer = search(&engine, "insertion -cartons");
    assert_eq!(fewer.total, all.total - 1);
    assert_eq!(search(&engine, "-cartons").total, 4);
}

/// Found by fuzzing: the search panicked, in builds with assertions, where the first case did not hold the phrase.
#[test]
fn an_excluded_phrase_may_be_in_any_case() {
    let engine = shipped();
    let all = search(&engine, "").total;
    for phrase in [
        "ramassage des cartons",
        "espaces verts",
        "guichet bancaire",
        "précarité énergétique",
    ] {
        let held = search(&engine, &format!("\"{phrase}\"")).total;
        assert_eq!(search(&engine, &format!("-\"{phrase}\"")).total, all - held, "{phrase}");
    }
}
