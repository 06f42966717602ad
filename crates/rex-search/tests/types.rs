//! Cases and contracts in one index: a case comes before the contracts that match as well, and after those that match better.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use proptest::sample::subsequence;
use rex_indexer::IndexWriter;
use rex_query::Facet;
use rex_query::{SearchBackend, SearchRequest, SearchResponse, Selection, Sort};
use rex_search::Engine;
use serde_json::{Value, json};
use tantivy::directory::RamDirectory;

const CASE: &str = "retour-d-experience";
const CONTRACT: &str = "marche";

fn engine(records: &[Value], per_segment: usize) -> Engine {
    let directory = RamDirectory::create();
    let mut writer = IndexWriter::create(directory.clone()).unwrap();
    for segment in records.chunks(per_segment) {
        for record in segment {
            writer.add(&serde_json::from_value(record.clone()).unwrap()).unwrap();
        }
        writer.commit().unwrap();
    }
    writer.finish_unmerged().unwrap();
    Engine::open(directory, "test").unwrap()
}

fn record(id: &str, case_type: &str, titre: &str, texte: &str) -> Value {
    let sections = match texte {
        "" => json!([]),
        _ => json!([{"titre": "Présentation", "texte": texte}]),
    };
    json!({
        "id": id, "type": case_type, "titre": titre, "sections": sections,
        "acheteur": {"nom": "Commune de Nulle-Part"}, "territoire": ["Bretagne"], "nature": "services",
    })
}

/// Contracts as in DECP: a title of a few words, and no text.
fn contracts() -> Vec<Value> {
    const OBJECTS: [&str; 8] = [
        "Tonte des pelouses communales",
        "Maintenance des ascenseurs",
        "Fourniture de papier pour les services",
        "Réfection de la toiture du gymnase",
        "Assurance des véhicules",
        "Transport scolaire",
        "Location de photocopieurs",
        "Entretien des chaudières de la piscine",
    ];
    (0..200)
        .map(|rank| record(&format!("m{rank:03}"), CONTRACT, OBJECTS[rank % OBJECTS.len()], ""))
        .collect()
}

/// Three hundred words unrelated to the queries.
fn story() -> String {
    const WORDS: [&str; 10] = [
        "équipe",
        "projet",
        "salarié",
        "parcours",
        "partenaire",
        "territoire",
        "démarche",
        "bilan",
        "atelier",
        "année",
    ];
    let words: Vec<String> = (0..300)
        .map(|rank| format!("{}{}", WORDS[rank % 10], rank / 30))
        .collect();
    words.join(" ")
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
fn a_case_comes_before_a_contract_of_the_same_title() {
    let title = "Collecte des cartons";
    for text in ["", "Une collecte à vélo.", &story()] {
        for per_segment in [1_000, 50] {
            let mut records = vec![record("a-marche", CONTRACT, title, "")];
            records.extend(contracts());
            records.push(record("z-cas", CASE, title, text));
            let engine = engine(&records, per_segment);
            for query in [
                "collecte",
                "cartons",
                "collecte cartons",
                "collecte des cartons en Bretagne",
                "collectes",
            ] {
                let response = search(&engine, query);
                let length = text.len();
                assert_eq!(
                    ids(&response)[..2],
                    ["z-cas", "a-marche"],
                    "{query}, {length} bytes of text"
                );
            }
        }
    }
}

#[test]
fn a_contract_that_matches_better_comes_before_a_case() {
    let mut records = contracts();
    let text = format!("{} Puis une collecte de cartons. {}", story(), story());
    records.push(record("a-cas", CASE, "Insertion à Nulle-Part", &text));
    records.push(record("z-marche", CONTRACT, "Collecte des cartons", ""));
    let engine = engine(&records, 1_000);
    for query in ["collecte", "cartons", "collecte cartons", "carton"] {
        assert_eq!(ids(&search(&engine, query))[..2], ["z-marche", "a-cas"], "{query}");
    }
}

#[test]
fn one_word_as_typed_stays_above_its_other_forms() {
    let mut records = contracts();
    records.push(record(
        "a-cas",
        CASE,
        "Cartons, cartons",
        "Des cartons, encore des cartons.",
    ));
    records.push(record("z-marche", CONTRACT, "Fourniture d'un carton", ""));
    let engine = engine(&records, 1_000);
    assert_eq!(ids(&search(&engine, "carton")), ["z-marche", "a-cas"]);
    assert_eq!(ids(&search(&engine, "cartons")), ["a-cas", "z-marche"]);
}

#[test]
fn cases_come_first_where_nothing_is_asked() {
    let mut records = contracts();
    records.push(record("z-cas", CASE, "Insertion", &story()));
    let engine = engine(&records, 1_000);
    let response = search(&engine, "");
    assert_eq!(ids(&response)[..2], ["z-cas", "m000"]);
    let by_title = SearchRequest {
        sort: Sort::Title,
        ..SearchRequest::default()
    };
    let by_title = engine.search(&by_title).unwrap();
    assert!(
        by_title.hits.iter().all(|hit| hit.score == 0.0),
        "no score in another order"
    );
}

#[test]
fn a_type_can_be_filtered() {
    let mut records = contracts();
    records.push(record("z-cas", CASE, "Tonte des pelouses communales", ""));
    let engine = engine(&records, 1_000);
    for (value, total) in [(CONTRACT, 25), (CASE, 1)] {
        let mut request = SearchRequest {
            query: "tonte".to_owned(),
            facets: vec![Facet::Type],
            ..SearchRequest::default()
        };
        request.filters.add(Facet::Type, Selection::Value(value.to_owned()));
        let response = engine.search(&request).unwrap();
        assert_eq!(response.total, total);
        assert!(response.hits.iter().all(|hit| hit.record.case_type.label() == value));
    }
}

#[test]
fn an_explanation_says_what_being_a_case_counts() {
    let mut records = contracts();
    records.push(record("z-cas", CASE, "Tonte des pelouses", ""));
    let mixed = engine(&records, 1_000);
    for query in ["tonte", "tonte pelouses services", ""] {
        let response = search(&mixed, query);
        let explanation = mixed.explain(query, "z-cas").unwrap().unwrap();
        assert!(explanation.case >= 1.0);
        assert!((response.hits[0].score - explanation.score).abs() < 1e-3, "{query}");
        assert_eq!(mixed.explain(query, "m000").unwrap().unwrap().case, 0.0);
    }
    let cases = engine(&[record("z-cas", CASE, "Tonte des pelouses", "")], 10);
    assert_eq!(cases.explain("tonte", "z-cas").unwrap().unwrap().case, 0.0);
    assert_eq!(search(&cases, "").hits[0].score, 0.0);
}

/// Words of no contract of [`contracts`].
const WORDS: [&str; 8] = [
    "cartons",
    "collecte",
    "éclairage",
    "jardin",
    "mobilier",
    "peinture",
    "piste",
    "vélo",
];

/// Boost of the case `z-cas` for a query.
fn raised(engine: &Engine, query: &str) -> f32 {
    engine.explain(query, "z-cas").unwrap().unwrap().case
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_word_that_a_case_lacks_leaves_its_raise_as_it_is(words in subsequence(WORDS.to_vec(), 2..=5), text in any::<bool>()) {
        let (more, its) = words.split_last().unwrap();
        let mut records = contracts();
        records.push(record("m-autre", CONTRACT, &format!("Fourniture, {more}"), ""));
        let texte = if text { story() } else { String::new() };
        records.push(record("z-cas", CASE, &its.join(" de "), &texte));
        let engine = engine(&records, 1_000);
        let its = its.join(" ");
        let (alone, with_more) = (raised(&engine, &its), raised(&engine, &format!("{its} {more}")));
        prop_assert!((alone - with_more).abs() < 1e-4, "{alone} {with_more}");
    }

    #[test]
    fn a_contract_that_holds_a_word_more_in_its_title_comes_before_a_case(
        words in subsequence(WORDS.to_vec(), 2..=5), text in any::<bool>(),
    ) {
        let its = &words[..words.len() - 1];
        let mut records = contracts();
        records.push(record("m-marche", CONTRACT, &words.join(" de "), ""));
        let texte = if text { story() } else { String::new() };
        records.push(record("z-cas", CASE, &its.join(" de "), &texte));
        let engine = engine(&records, 1_000);
        let response = search(&engine, &words.join(" "));
        prop_assert_eq!(ids(&response)[0], "m-marche");
        let response = search(&engine, &its.join(" "));
        prop_assert_eq!(&ids(&response)[..2], ["z-cas", "m-marche"]);
    }

    #[test]
    fn a_case_of_the_same_title_comes_first(words in subsequence(WORDS.to_vec(), 1..=5), text in any::<bool>()) {
        let title = words.join(" de ");
        let mut records = contracts();
        records.push(record("a-marche", CONTRACT, &title, ""));
        let texte = if text { story() } else { String::new() };
        records.push(record("z-cas", CASE, &title, &texte));
        let engine = engine(&records, 1_000);
        let response = search(&engine, &words.join(" "));
        prop_assert_eq!(&ids(&response)[..2], ["z-cas", "a-marche"]);
    }
}
