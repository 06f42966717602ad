//! What meaning may change, and what it may not: searches for a name, a code, a title or a phrase rank the same without it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use rex_corpus::{Corpus, Record};
use rex_indexer::IndexWriter;
use rex_query::{Facet, Filters, Reason, SearchBackend, SearchRequest, Selection};
use rex_search::{Engine, RankingRule, Settings};
use serde_json::json;
use tantivy::directory::RamDirectory;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The shipped cases and those of `tests/relevance`.
fn records() -> Vec<Record> {
    let folder = tempfile::tempdir().unwrap();
    let cases = root().join("tests/relevance/cases.jsonl");
    fs::copy(cases, folder.path().join("cases.jsonl")).unwrap();
    let mut records = Vec::new();
    for corpus in [root().join("corpus"), folder.path().to_owned()] {
        let report = Corpus::open(&corpus)
            .unwrap()
            .read(|record, _| -> Result<(), std::convert::Infallible> {
                records.push(record);
                Ok(())
            });
        assert_eq!(report.unwrap().problems, []);
    }
    records
}

fn engine(records: &[Record], settings: Settings) -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    records.iter().for_each(|record| writer.add(record).unwrap());
    writer.finish().unwrap();
    Engine::open_with(directory, "test", settings).unwrap()
}

fn ids(engine: &Engine, query: &str) -> Vec<String> {
    let request = SearchRequest {
        query: query.to_owned(),
        limit: 100,
        ..SearchRequest::default()
    };
    let hits = engine.search(&request).unwrap().hits;
    hits.into_iter().map(|hit| hit.record.id.clone()).collect()
}

#[test]
fn names_codes_titles_and_phrases_rank_as_without_meaning() {
    let records = records();
    let with = engine(&records, Settings::default());
    let without = engine(&records, Settings::default().without(RankingRule::Meaning));
    let mut searches: Vec<String> = Vec::new();
    for record in &records {
        searches.push(record.titre.clone());
        searches.push(record.titre.to_uppercase());
        let parties = record.acheteur.iter().chain(&record.titulaires);
        searches.extend(parties.map(|party| party.nom.clone()));
        searches.extend(record.cpv.map(|cpv| cpv.to_string()));
        searches.extend(record.cpv.map(|cpv| cpv.digits().to_owned()));
        for section in &record.sections {
            let words: Vec<&str> = section.texte.split_whitespace().take(4).collect();
            searches.push(format!("\"{}\"", words.join(" ").replace('"', "")));
        }
    }
    searches.sort();
    searches.dedup();
    assert!(searches.len() >= 200, "only {}", searches.len());
    for query in &searches {
        assert_eq!(ids(&with, query), ids(&without, query), "{query}");
    }
}

#[test]
fn meaning_ranks_the_judged_queries_otherwise() {
    let records = records();
    let with = engine(&records, Settings::default());
    let without = engine(&records, Settings::default().without(RankingRule::Meaning));
    let text = fs::read_to_string(root().join("tests/relevance/queries.jsonl")).unwrap();
    let changed = text.lines().filter(|line| {
        let query: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = query["text"].as_str().unwrap();
        ids(&with, query) != ids(&without, query)
    });
    assert!(changed.count() >= 5);
}

fn trade() -> Vec<Record> {
    let record = |id: &str, titre: &str, theme: &str| {
        let record = json!({"id": id, "titre": titre, "themes": [theme], "sections": []});
        serde_json::from_value(record).unwrap()
    };
    let mut records = vec![
        record("enrobe", "Fourniture et pose d'enrobés bitumineux", "Voirie"),
        record("cantine", "Repas de la restauration scolaire", "Repas"),
        record("toiture", "Réfection de la toiture de la mairie", "Bâtiment"),
    ];
    records.extend((0..40).map(|rank| record(&format!("autre-{rank}"), "Assurance des véhicules", "Assurance")));
    records
}

fn near(engine: &Engine, request: &SearchRequest) -> Vec<(String, Vec<Reason>)> {
    let near = engine.search(request).unwrap().near_by_meaning;
    near.into_iter().map(|near| (near.record.id, near.reasons)).collect()
}

#[test]
fn near_cases_are_offered_where_nothing_is_found_and_never_counted() {
    let engine = engine(&trade(), Settings::default());
    let request = |query: &str| SearchRequest {
        query: query.to_owned(),
        ..SearchRequest::default()
    };
    let chaussee = request("revêtement chaussée");
    let found = engine.search(&chaussee).unwrap();
    assert_eq!((found.total, found.hits.len()), (0, 0));
    let offered = near(&engine, &chaussee);
    assert_eq!(offered[0].0, "enrobe", "{offered:?}");
    assert!(matches!(&offered[0].1[..], [Reason::Subject(words)] if !words.is_empty()));
    assert_eq!(engine.scan(&chaussee, 0..100).unwrap().len(), 0);
    // On the first page only, and under the filters.
    assert_eq!(
        near(
            &engine,
            &SearchRequest {
                offset: 10,
                ..chaussee.clone()
            }
        ),
        []
    );
    let mut filters = Filters::default();
    filters.add(Facet::Theme, Selection::Value("Repas".to_owned()));
    let filtered = near(
        &engine,
        &SearchRequest {
            filters,
            ..chaussee.clone()
        },
    );
    assert!(filtered.iter().all(|(id, _)| id == "cantine"), "{filtered:?}");
    // Not for words that no one knows, nor with an exclusion, nor where everything is found.
    for query in ["zxcvb qwrtz", "revêtement chaussée -bitume", "toiture mairie"] {
        assert_eq!(near(&engine, &request(query)), [], "{query}");
    }
}

#[test]
fn meaning_can_be_turned_off() {
    let engine = engine(&trade(), Settings::default().without(RankingRule::Meaning));
    let request = SearchRequest {
        query: "revêtement chaussée".to_owned(),
        ..SearchRequest::default()
    };
    assert_eq!(near(&engine, &request), []);
    let explanation = engine.explain("réfection toiture mairie", "toiture").unwrap().unwrap();
    assert_eq!(explanation.meaning, None);
}

#[test]
fn an_explanation_names_the_words_that_came_near() {
    let engine = engine(&trade(), Settings::default());
    let explanation = engine.explain("chaussée enrobés", "enrobe").unwrap().unwrap();
    let meaning = explanation.meaning.unwrap();
    assert!(meaning.similarity > 0.3 && meaning.similarity <= 1.0 && meaning.coverage > 0.9);
    assert!(meaning.added > 0.0 && meaning.added <= meaning.worth);
    assert!(meaning.near.iter().any(|near| near.typed == "chaussée"), "{meaning:?}");
}
