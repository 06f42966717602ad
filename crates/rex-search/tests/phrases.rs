//! Phrases of words and numbers in every field, and the score of a phrase in the title.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use rex_indexer::IndexWriter;
use rex_query::{SearchBackend, SearchRequest};
use rex_search::{Engine, MatchPlace};
use serde_json::{Value, json};
use tantivy::directory::RamDirectory;

fn engine(records: &[Value]) -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for record in records {
        writer.add(&serde_json::from_value(record.clone()).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    Engine::open(directory, "test").unwrap()
}

fn found(engine: &Engine, query: &str) -> Vec<(String, f32)> {
    let request = SearchRequest {
        query: query.to_owned(),
        ..SearchRequest::default()
    };
    let hits = engine.search(&request).unwrap().hits;
    hits.into_iter().map(|hit| (hit.record.id.clone(), hit.score)).collect()
}

fn ids(engine: &Engine, query: &str) -> Vec<String> {
    let mut ids: Vec<String> = found(engine, query).into_iter().map(|(id, _)| id).collect();
    ids.sort();
    ids
}

#[test]
fn words_and_numbers_follow_each_other_after_texts_of_numbers() {
    let engine = engine(&[
        json!({"id": "a", "titre": "2018", "acheteur": {"nom": "1907", "siret": "21310555400017"}, "cpv": "75231240-8",
            "themes": ["33"], "sections": [{"titre": "Tranche 12", "texte": "Le lot 2 des déchets, puis la tranche 14."}]}),
        json!({"id": "b", "titre": "Les lots 2 et 3", "sections": [{"titre": "", "texte": "Déchets du lot."}]}),
    ]);
    for (query, expected) in [
        ("\"lot 2 des déchets\"", vec!["a"]),
        ("\"tranche 14\"", vec!["a"]),
        ("\"lots 2 et 3\"", vec!["b"]),
        ("\"2 des\"", vec!["a"]),
        ("\"12 le lot\"", vec![]),
        ("\"lot 3\"", vec![]),
        ("21310555400017", vec!["a"]),
        ("7523", vec!["a"]),
        ("75231240-8", vec!["a"]),
        ("2018", vec!["a"]),
        ("déchets -\"lot 2 des\"", vec!["b"]),
    ] {
        assert_eq!(ids(&engine, query), expected, "{query}");
    }
}

#[test]
fn articles_are_found_with_their_letter_and_without() {
    let engine = engine(&[
        json!({"id": "a", "titre": "Droit", "sections": [
            {"titre": "", "texte": "Passé selon l’article R. 2123-1-1° du code, lot réservé au titre de L. 2113-12 à 14."}]}),
        json!({"id": "b", "titre": "Lots 1 et 12", "sections": [{"titre": "", "texte": "De 2113 et 2123 euros."}]}),
        json!({"id": "c", "titre": "Autre", "sections": [{"titre": "", "texte": "L’article L. 2123-1."}]}),
    ]);
    for (query, expected) in [
        ("2123-1", vec!["a", "c"]),
        ("R2123-1", vec!["a"]),
        ("R 2123 1", vec!["a"]),
        ("article R. 2123-1", vec!["a"]),
        ("2113-12", vec!["a"]),
        ("article 2113-12", vec!["a"]),
        ("L. 2113 - 12", vec!["a"]),
        ("L2113-14", vec!["a"]),
        ("\"L. 2123-1\"", vec!["c"]),
        ("R. 2113-12", vec![]),
        ("2113", vec!["b"]),
    ] {
        assert_eq!(ids(&engine, query), expected, "{query}");
    }
}

#[test]
fn a_phrase_of_the_title_counts_more_than_its_words_there_and_the_phrase_below() {
    let text = |texte: &str| json!([{"titre": "Texte", "texte": texte}]);
    let engine = engine(&[
        json!({"id": "title", "titre": "Tri sélectif du papier", "sections": text("Une collecte.")}),
        json!({"id": "text", "titre": "Papier sélectif du tri", "sections": text("Tri sélectif.")}),
    ]);
    let found = found(&engine, "\"tri sélectif\"");
    let order: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(order, ["title", "text"]);
    assert!(found[0].1 > 1.5 * found[1].1, "{found:?}");
}

#[test]
fn the_parts_of_a_score_name_where_the_word_is() {
    let engine = engine(&[
        json!({"id": "a", "titre": "Papier", "acheteur": {"nom": "Mairie du papier"}, "sections": []}),
        json!({"id": "b", "titre": "Carton", "sections": [{"titre": "Texte", "texte": "Du papier, des cartons."}]}),
    ]);
    let places = |id: &str| {
        let explanation = engine.explain("papier collé", id).unwrap().unwrap();
        let mut places: Vec<_> = explanation.words[0].matches.iter().map(|found| found.place).collect();
        places.dedup();
        places
    };
    assert_eq!(places("a"), [MatchPlace::Case, MatchPlace::Title, MatchPlace::Parties]);
    assert_eq!(places("b"), [MatchPlace::Case]);
    for query in ["papier", "papier carton", "papier \"du papier\""] {
        for (id, score) in found(&engine, query) {
            let explained = engine.explain(query, &id).unwrap().unwrap().score;
            assert!((explained - score).abs() < 1e-3, "{query} {id}: {explained} {score}");
        }
    }
}
