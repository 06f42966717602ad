//! Imports the booklet of the shipped cases and compares the result with the cases written by hand in `corpus/`.

use std::convert::Infallible;
use std::path::Path;

use rex_corpus::{Corpus, CpvLabels, Record};
use rex_import::{Booklet, FindingKind};
use serde_json::{Value, json};

fn shipped() -> Vec<Record> {
    let mut records = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let corpus = Corpus::open(&folder).expect("the repository has a corpus");
    let read = corpus.read(|record, _| {
        records.push(record);
        Ok::<_, Infallible>(())
    });
    assert_eq!(read.expect("a readable corpus").problem_count(), 0);
    records
}

/// The fields that the booklet gives; the title and the themes are the editor's. The only address it prints is that of its publisher's
/// site, which is not where the booklet is: the cases have none.
fn facts(record: &Record) -> Value {
    let holders: Vec<Value> = record
        .titulaires
        .iter()
        .map(|holder| json!([holder.nom, holder.structure]))
        .collect();
    json!({
        "acheteur": record.acheteur.as_ref().map(|buyer| &buyer.nom),
        "titulaires": holders,
        "nature": record.nature,
        "procedure": record.procedure,
        "reserve": record.reserve,
        "lots": record.lots,
        "cpv": record.cpv,
        "montant_ht": record.montant_ht,
        "duree_mois": record.duree_mois,
        "territoire": record.territoire,
        "source": record.source.as_ref().map(|source| json!([source.titre, source.editeur, source.page])),
    })
}

fn page(record: &Record) -> Option<u32> {
    record.source.as_ref()?.page
}

#[test]
fn the_real_booklet_gives_the_shipped_cases() {
    let Some(path) = rex_tests::shared("data/booklet/marches-publics-succes-ess.txt") else {
        return;
    };
    let text = std::fs::read_to_string(path).expect("a booklet");
    let booklet = Booklet::read(&text, &CpvLabels::shipped()).expect("a booklet");
    let shipped = shipped();
    assert_eq!((booklet.cases.len(), shipped.len()), (5, 5));
    for case in &booklet.cases {
        let by_hand = shipped.iter().find(|record| page(record) == page(&case.record));
        let by_hand = by_hand.unwrap_or_else(|| panic!("no shipped case on page {:?}", page(&case.record)));
        assert_eq!(facts(&case.record), facts(by_hand), "{}", case.record.titre);
        assert_eq!(
            by_hand.source.as_ref().and_then(|source| source.url.as_ref()),
            None,
            "{}",
            by_hand.id
        );
        assert_eq!(case.record.sections.len(), 3, "{}", case.record.titre);
    }
    let all = |kind: FindingKind| {
        let of_case = booklet.cases.iter().flat_map(move |case| case.of_kind(kind));
        of_case
            .map(|finding| format!("{} {}", finding.line, finding.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        all(FindingKind::Corrected),
        [
            "17 source.page: 3 → 4, the section it stands in begins on page 4",
            "79 cpv: 728 810 000 → 72810000-1, by its label « Services d'audit informatique »",
            "134 cpv: 752 312 408 → 75231240-8, the same digits as a code is written (Services de réinsertion)",
            "240 cpv: 8530000-2 → 85300000-2, by its label « Services d'action sociale et services connexes »",
            "295 cpv: 752 312 408 → 75231240-8, the same digits as a code is written (Services de réinsertion)",
            "311 titulaires: \"TREMLIN TRAVAIL\" → Tremplin Travail, as it is spelled further on",
        ]
    );
    assert_eq!(
        all(FindingKind::Doubtful),
        ["174 acheteur: « M'Tsambo » is no commune; the nearest is Mtsamboro (Mayotte)"]
    );
}
