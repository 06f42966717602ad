//! Similar cases: a small corpus with known similarities, and the shipped one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rex_corpus::{Corpus, Euros, Record, Reserve};
use rex_indexer::IndexWriter;
use rex_query::{Reason, SearchBackend, Similar};
use rex_search::Engine;
use serde_json::{Value, json};
use tantivy::directory::RamDirectory;

/// An engine over records, two to a segment.
fn engine(records: &[Value]) -> Engine {
    let directory = RamDirectory::create();
    let mut writer = IndexWriter::create(directory.clone()).unwrap();
    for segment in records.chunks(2) {
        for record in segment {
            let record: Record = serde_json::from_value(record.clone()).unwrap();
            writer.add(&record).unwrap();
        }
        writer.commit().unwrap();
    }
    writer.finish_unmerged().unwrap();
    Engine::open(directory, "test").unwrap()
}

fn corpus() -> Engine {
    let text = |texte: &str| json!([{"titre": "", "texte": texte}]);
    engine(&[
        json!({"id": "a", "titre": "Collecte des cartons", "cpv": "90511300-5", "montant_ht": 100_000, "reserve": ["SIAE", "EA"],
               "territoire": ["Occitanie", "Haute-Garonne", "Toulouse"], "sections": text("Le tri des cartons à vélo. À vélo, le tri va vite, aussi vite.")}),
        json!({"id": "words", "titre": "Tri de cartons", "sections": text("Collecte à vélo, et vite.")}),
        json!({"id": "code", "titre": "Enlèvement", "cpv": "90511300-5"}),
        json!({"id": "branch", "titre": "Nettoyage", "cpv": "90511400-6", "montant_ht": 199_999}),
        json!({"id": "place", "titre": "Repas", "territoire": ["Occitanie", "Haute-Garonne", "Muret"], "montant_ht": 250_000}),
        json!({"id": "all", "titre": "Collecte de cartons", "cpv": "90511300-5", "montant_ht": 100_000, "reserve": ["SIAE"],
               "territoire": ["Occitanie", "Haute-Garonne", "Toulouse"]}),
        json!({"id": "amount", "titre": "Peinture", "montant_ht": 100_000, "reserve": ["SIAE", "EA"]}),
        json!({"id": "else", "titre": "Peinture de façades", "cpv": "45442100-8", "territoire": ["Bretagne"]}),
        json!({"id": "far", "titre": "Repas de midi", "territoire": ["Occitanie", "Lot"]}),
    ])
}

fn ids(similar: &[Similar]) -> Vec<&str> {
    similar.iter().map(|similar| similar.record.id.as_str()).collect()
}

#[test]
fn the_nearest_come_first_with_their_reasons() {
    let similar = corpus().similar("a", 20).unwrap().unwrap();
    let reasons = |id: &str| {
        let found = similar.iter().find(|similar| similar.record.id == id);
        found.map(|similar| similar.reasons.clone()).unwrap_or_default()
    };
    assert_eq!(ids(&similar), ["all", "words", "code", "branch", "place"]);
    assert!(
        similar
            .iter()
            .all(|similar| similar.score > 0.0 && similar.score <= 10.0)
    );
    let euros = |euros: u64| Euros::from_cents(euros * 100).unwrap();
    let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        reasons("code"),
        [
            Reason::Code(rex_corpus::Cpv::parse("90511300").unwrap()),
            Reason::Subject(strings(&["enlèvement"]))
        ]
    );
    assert_eq!(
        reasons("branch"),
        [Reason::Branch("90511".to_owned()), Reason::Amount(euros(199_999))]
    );
    assert_eq!(
        reasons("place"),
        [Reason::Territory(strings(&["Occitanie", "Haute-Garonne"]))]
    );
    assert_eq!(
        reasons("words"),
        [Reason::Words(strings(&["cartons", "tri", "vélo", "vite", "collecte"]))]
    );
    let all = reasons("all");
    assert_eq!(all.len(), 5);
    assert_eq!(
        all[1],
        Reason::Territory(strings(&["Occitanie", "Haute-Garonne", "Toulouse"]))
    );
    assert_eq!(all[3], Reason::Reserve(vec![Reserve::Siae]));
}

#[test]
fn a_case_with_nothing_in_common_is_not_similar() {
    let engine = corpus();
    let found = engine.similar("a", 20).unwrap().unwrap();
    assert!(!ids(&found).contains(&"else") && !ids(&found).contains(&"amount") && !ids(&found).contains(&"a"));
    let alone = engine_of_one().similar("only", 5).unwrap().unwrap();
    assert_eq!(alone, []);
    assert_eq!(engine.similar("nobody", 5).unwrap(), None);
    assert_eq!(engine.similar("a", 1).unwrap().unwrap().len(), 1);
}

fn engine_of_one() -> Engine {
    engine(&[json!({"id": "only", "titre": "Tri", "montant_ht": 0})])
}

#[test]
fn every_case_of_the_corpus_is_near_those_it_resembles() {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    Corpus::open(&folder)
        .unwrap()
        .read(|record, _| writer.add(&record))
        .unwrap();
    writer.finish().unwrap();
    let engine = Engine::open(directory, "test").unwrap();
    for (one, other) in [
        ("toulouse-ramassage-cartons", "lyon-reemploi-materiel-numerique"),
        ("toulouse-ramassage-cartons", "maine-et-loire-remplacements-colleges"),
    ] {
        for (from, to) in [(one, other), (other, one)] {
            let similar = engine.similar(from, 5).unwrap().unwrap();
            assert!(ids(&similar).contains(&to), "{from}: {:?}", ids(&similar));
        }
    }
}
