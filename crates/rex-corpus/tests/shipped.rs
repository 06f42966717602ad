//! The shipped cases are in our own words: no six consecutive words occur in the booklet.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::collections::HashSet;
use std::convert::Infallible;
use std::path::Path;

use rex_corpus::{Corpus, Record, plain_text};

/// Length of a forbidden run of words. Names and fixed terms in the cases are shorter.
const RUN: usize = 6;

fn shipped() -> Vec<Record> {
    let mut records = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let report = Corpus::open(&folder).unwrap().read(|record, _| {
        records.push(record);
        Ok::<_, Infallible>(())
    });
    assert_eq!(report.unwrap().problem_count(), 0);
    records
}

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The runs of words of a text that occur in the booklet.
fn taken(booklet: &HashSet<Vec<String>>, text: &str) -> Vec<String> {
    let words = words(text);
    let runs = words.windows(RUN).filter(|run| booklet.contains(*run));
    runs.map(|run| run.join(" ")).collect()
}

/// The whole text of a record with its headings, so that runs across a heading count.
fn text(record: &Record) -> String {
    let sections = record.sections.iter();
    let sections = sections.map(|section| format!("{}\n{}", section.titre, plain_text(&section.texte)));
    format!("{}\n{}", record.titre, sections.collect::<Vec<_>>().join("\n"))
}

#[test]
fn the_words_of_the_shipped_cases_are_ours() {
    let Some(path) = rex_tests::shared("data/booklet/marches-publics-succes-ess.txt") else {
        return;
    };
    let booklet = std::fs::read_to_string(path).expect("a booklet");
    let runs: HashSet<Vec<String>> = words(&booklet).windows(RUN).map(<[String]>::to_vec).collect();
    // The check finds a copied sentence.
    let copied = taken(
        &runs,
        "Elle voulait éviter tout encombrement des poubelles d'ordures ménagères.",
    );
    assert_eq!(copied.len(), 3, "{copied:?}");
    let records = shipped();
    assert_eq!(records.len(), 5);
    for record in &records {
        assert_eq!(taken(&runs, &text(record)), [] as [String; 0], "{}", record.id);
    }
}

/// Likely queries for each case; the case must contain their words.
#[test]
fn the_cases_keep_the_words_they_are_looked_for_by() {
    let held = |id: &str| {
        let record = shipped().into_iter().find(|record| record.id == id).unwrap();
        let fields = serde_json::to_string(&record).unwrap();
        words(&format!("{} {fields}", text(&record))).join(" ")
    };
    for (id, phrases) in [
        (
            "lyon-reemploi-materiel-numerique",
            &[
                "sourcing",
                "acquisition",
                "revalorisation",
                "inclusion",
                "politique d'achat durable",
                "entreprises adaptées",
            ][..],
        ),
        (
            "toulouse-ramassage-cartons",
            &[
                "structure d'insertion",
                "externalisation",
                "sourcing",
                "tri sélectif",
                "emploi local",
            ],
        ),
        (
            "mtsamboro-guichet-bancaire-bambou",
            &[
                "outre-mer",
                "distributeur automatique",
                "guichet automatique bancaire",
                "inclusion sociale",
            ],
        ),
        (
            "paris-precarite-energetique",
            &["droit au logement", "sourcing", "diagnostic"],
        ),
        (
            "maine-et-loire-remplacements-colleges",
            &[
                "Anjou",
                "49",
                "mise à disposition",
                "groupement momentané d'entreprises",
                "cotraitance",
            ],
        ),
    ] {
        let text = held(id);
        for phrase in phrases {
            assert!(text.contains(&words(phrase).join(" ")), "{phrase} in {id}");
        }
    }
}

/// Former claims of the cases that the booklet does not support.
#[test]
fn the_cases_say_nothing_that_the_booklet_does_not() {
    let all = shipped().iter().map(text).collect::<Vec<_>>().join("\n");
    let all = words(&all).join(" ");
    for claim in [
        "deux associations",
        "manquait",
        "chaque jour",
        "trottoir",
        "le marché demandait",
        "durablement",
        "diviser son marché",
        "se chauffer",
        "ordinateurs",
        "borne de service",
    ] {
        assert!(!all.contains(&words(claim).join(" ")), "{claim}");
    }
}
