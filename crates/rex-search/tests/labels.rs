//! Words of the label of a CPV code only: they find the record, ranked below records with the words in their own text.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use rex_corpus::CpvLabels;
use rex_indexer::IndexWriter;
use rex_query::{Facet, Matching, SearchBackend, SearchRequest, SearchResponse};
use rex_search::{Engine, MatchPlace, MatchRule, RankingRule, Settings};
use serde_json::{Value, json};
use tantivy::directory::RamDirectory;

/// Lines of the official list.
const LIST: &str = "CODE,FR\n\
    90910000-9,Services de nettoyage\n\
    90911200-8,Services de nettoyage de bâtiments\n\
    90911300-9,Services de nettoyage de vitres\n\
    79710000-4,Services de sécurité\n\
    77310000-6,Réalisation et entretien d'espaces verts\n";

fn labels() -> CpvLabels {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("cpv.csv");
    std::fs::write(&list, LIST).unwrap();
    CpvLabels::read(&list).unwrap()
}

/// An engine over contracts, `per_segment` to a segment.
fn engine(records: &[Value], per_segment: usize, settings: Settings) -> Engine {
    let directory = RamDirectory::create();
    let mut writer = IndexWriter::create(directory.clone()).unwrap().with_labels(labels());
    for segment in records.chunks(per_segment) {
        for record in segment {
            writer.add(&serde_json::from_value(record.clone()).unwrap()).unwrap();
        }
        writer.commit().unwrap();
    }
    writer.finish_unmerged().unwrap();
    Engine::open_with(directory, "test", settings).unwrap()
}

fn contract(id: &str, titre: &str, cpv: &str, texte: &str) -> Value {
    json!({
        "id": id, "titre": titre, "type": "marche", "cpv": cpv,
        "sections": [{"titre": "Objet", "texte": texte}],
    })
}

/// Contracts of which some say "nettoyage" themselves, one through its label alone, and some not at all.
fn contracts() -> Vec<Value> {
    let long = "Le titulaire assure les prestations décrites au cahier des charges, pour tous les sites. ".repeat(400);
    let mut contracts = vec![
        contract(
            "a-label",
            "Prestations pour l'hôtel de ville",
            "90911200-8",
            "Lot unique.",
        ),
        contract(
            "b-texte",
            "Prestations pour la mairie",
            "79710000-4",
            "Gardiennage et nettoyage du hall.",
        ),
        contract("c-titre", "Nettoyage des écoles", "90910000-9", "Lot unique."),
        contract(
            "d-long",
            "Prestations pour le port",
            "79710000-4",
            &format!("{long} Dont un nettoyage. {long}"),
        ),
        contract("e-autre", "Tonte des pelouses", "77310000-6", "Lot unique."),
        contract("f-synonyme", "Propreté urbaine", "77310000-6", "Lot unique."),
    ];
    contracts.extend((0..60).map(|rank| contract(&format!("z{rank}"), "Tonte", "77310000-6", "Lot unique.")));
    contracts
}

fn search(engine: &Engine, query: &str) -> SearchResponse {
    let request = SearchRequest {
        query: query.to_owned(),
        limit: 100,
        ..SearchRequest::default()
    };
    engine.search(&request).unwrap()
}

fn ids(response: &SearchResponse) -> Vec<&str> {
    response.hits.iter().map(|hit| hit.record.id.as_str()).collect()
}

#[test]
fn a_label_ranks_below_the_title_and_the_text() {
    let mut lexicon = rex_analysis::Lexicon::shipped();
    lexicon.add("nettoyage", "=", "propreté", "test").unwrap();
    let settings = Settings::default().with_lexicon(lexicon);
    for per_segment in [100, 7] {
        let engine = engine(&contracts(), per_segment, settings.clone());
        for query in ["nettoyage", "NETTOYAGES", "le nettoyage"] {
            let response = search(&engine, query);
            let expected = ["c-titre", "b-texte", "d-long", "f-synonyme", "a-label"];
            assert_eq!(ids(&response), expected, "{query}");
            assert_eq!(response.total, 5);
        }
    }
}

#[test]
fn one_mention_in_a_long_text_is_more_than_a_label_among_several_words() {
    // No tier keeps the ways apart in a query of two words.
    for per_segment in [100, 7] {
        let engine = engine(&contracts(), per_segment, Settings::default());
        let response = search(&engine, "prestations nettoyage");
        let found = ids(&response);
        let rank = |id: &str| found.iter().position(|found| *found == id).unwrap();
        assert!(
            rank("b-texte") < rank("d-long") && rank("d-long") < rank("a-label"),
            "{found:?}"
        );
        let explained = |id: &str| engine.explain("nettoyage prestations", id).unwrap().unwrap().words[0].score;
        assert!(explained("d-long") > explained("a-label") && explained("a-label") > 0.0);
    }
}

#[test]
fn a_label_counts_among_all_the_words() {
    let engine = engine(&contracts(), 100, Settings::default());
    let request = SearchRequest {
        query: "nettoyage hôtel".to_owned(),
        matching: Matching::All,
        ..SearchRequest::default()
    };
    let response = engine.search(&request).unwrap();
    assert_eq!(ids(&response), ["a-label"]);
    let explanation = engine.explain("nettoyage hôtel", "a-label").unwrap().unwrap();
    assert!(explanation.holds_all_words);
    let [found] = explanation.words[0].matches.as_slice() else {
        panic!("{:?}", explanation.words);
    };
    assert_eq!((found.rule, found.place), (MatchRule::Label, MatchPlace::Label));
    let hit = response.hits.iter().find(|hit| hit.record.id == "a-label").unwrap();
    assert!((hit.score - explanation.score).abs() < 1e-3, "{explanation:?}");
}

#[test]
fn a_word_that_only_labels_hold_is_no_mistake() {
    // "vitrex" is an error away from "vitres", which is a word of French.
    let records = [
        contract("label", "Prestations pour la mairie", "90911300-9", "Lot unique."),
        contract("voisin", "Fourniture de vitrex", "77310000-6", "Lot unique."),
    ];
    let known = search(&engine(&records, 10, Settings::default()), "vitres");
    assert_eq!(ids(&known), ["label"]);
    assert_eq!(known.suggestions.corrections, []);
    let without = Settings::default().without(RankingRule::Labels);
    let unknown = search(&engine(&records, 10, without), "vitres");
    assert_eq!(ids(&unknown), [] as [&str; 0]);
    assert_eq!(unknown.suggestions.missing, ["vitres"]);
    assert_eq!(unknown.suggestions.corrections, []);
}

#[test]
fn branches_above_the_code_are_not_searched() {
    let records = [contract("a", "Prestations", "90911300-9", "Lot unique.")];
    let engine = engine(&records, 10, Settings::default());
    assert_eq!(search(&engine, "vitres").total, 1);
    assert_eq!(search(&engine, "bâtiments").total, 0);
}

#[test]
fn exclusions_and_phrases_look_at_the_text_only() {
    let engine = engine(&contracts(), 100, Settings::default());
    assert_eq!(search(&engine, "prestations -nettoyage").total, 1);
    assert_eq!(ids(&search(&engine, "prestations -nettoyage")), ["a-label"]);
    assert_eq!(search(&engine, "\"services de nettoyage\"").total, 0);
}

#[test]
fn labels_can_be_left_out() {
    let engine = engine(&contracts(), 100, Settings::default().without(RankingRule::Labels));
    assert_eq!(search(&engine, "nettoyage").total, 3);
}

#[test]
fn filters_and_counts_take_labelled_records_in() {
    let engine = engine(&contracts(), 100, Settings::default());
    let mut request = SearchRequest {
        query: "nettoyage".to_owned(),
        ..SearchRequest::default()
    };
    request
        .filters
        .add(Facet::Cpv, rex_query::Selection::Value("90900000".to_owned()));
    let response = engine.search(&request).unwrap();
    assert_eq!(ids(&response), ["c-titre", "a-label"]);
}
