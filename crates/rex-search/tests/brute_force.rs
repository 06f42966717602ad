//! The engine against the conformance suite of `rex_query`: every count, total and order is that of a loop over the records.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rex_corpus::{CaseType, Cpv, CpvLabels, Date, Euros, Nature, Party, Record, Reserve};
use rex_indexer::IndexWriter;
use rex_query::conformance::Conformance;
use rex_query::{
    Bounds, Condition, Facet, FacetCounts, FacetQuery, Filters, MAX_DEPTH, SearchBackend, SearchRequest, Selection,
    Sort, TreeValue,
};
use rex_search::Engine;
use tantivy::directory::RamDirectory;

const WORDS: [&str; 5] = ["tri", "insertion", "cartons", "école", "papier"];
/// Generated corpora, and generated requests for each: 10,000 pairs.
const CORPORA: u32 = 400;
const REQUESTS: usize = 25;

/// An engine over records, `per_segment` to a segment; finished where one segment holds them all.
fn engine(records: &[Record], per_segment: usize) -> Engine {
    let directory = RamDirectory::create();
    let mut writer = IndexWriter::create(directory.clone()).unwrap();
    for segment in records.chunks(per_segment.max(1)) {
        segment.iter().for_each(|record| writer.add(record).unwrap());
        writer.commit().unwrap();
    }
    if records.len() <= per_segment {
        writer.finish().unwrap();
    } else {
        writer.finish_unmerged().unwrap();
    }
    Engine::open(directory, "test").unwrap().with_labels(CpvLabels::none())
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    prop::collection::vec(record(), 0..30).prop_map(|mut records| {
        for (rank, record) in records.iter_mut().enumerate() {
            record.id = format!("c{:02}", (rank * 7) % 31);
        }
        records
    })
}

fn record() -> impl Strategy<Value = Record> {
    let words = prop::collection::vec(prop::sample::select(WORDS.as_slice()), 1..4);
    let territory = prop::sample::select(vec!["", "A", "A/B", "A/B/C", "A/D", "E", "E/B"]);
    let cpv = prop::sample::select(vec!["", "75231240", "75230000", "45000000", "45210000", "30192000"]);
    let reserve = prop::sample::subsequence(vec![Reserve::Siae, Reserve::Ea, Reserve::Ess], 0..3);
    let amount = prop::option::of(prop::sample::select(vec![
        0,
        3_999_999,
        4_000_000,
        9_000_000,
        21_600_000,
        900_000_000,
    ]));
    let months = prop::option::of(prop::sample::select(vec![1_u32, 6, 12, 24, 60]));
    let date = prop::option::of(prop::sample::select(vec!["2020", "2021-05-01", "2021-12-31"]));
    let nature = prop::option::of(prop::sample::select(vec![Nature::Services, Nature::Works]));
    let case_type = prop::sample::select(vec![CaseType::Case, CaseType::Contract]);
    let buyer = prop::option::of(prop::sample::select(vec!["Ville de Lyon", "Ville d'Évry", "Région"]));
    let names = prop::sample::subsequence(vec!["Éco-Logis", "Emmaüs", "La Table"], 0..3);
    let themes = prop::sample::subsequence(vec!["déchets", "Déchets ménagers", "propreté"], 0..3);
    (
        words,
        territory,
        cpv,
        reserve,
        amount,
        months,
        date,
        (nature, case_type, buyer, names, themes),
    )
        .prop_map(
            |(words, territory, cpv, reserve, amount, months, date, (nature, case_type, buyer, names, themes))| {
                Record {
                    id: String::new(),
                    titre: words.join(" "),
                    case_type,
                    acheteur: buyer.map(|name| party(name, None)),
                    titulaires: names
                        .into_iter()
                        .map(|name| party(name, name.starts_with('É').then_some("Coopérative")))
                        .collect(),
                    nature,
                    procedure: None,
                    reserve,
                    considerations: Vec::new(),
                    lots: None,
                    cpv: Cpv::parse(cpv).ok(),
                    montant_ht: amount.and_then(Euros::from_cents),
                    duree_mois: months,
                    territoire: territory
                        .split('/')
                        .filter(|level| !level.is_empty())
                        .map(str::to_owned)
                        .collect(),
                    themes: themes.into_iter().map(str::to_owned).collect(),
                    date: date.map(|date| Date::parse(date).unwrap()),
                    source: None,
                    anomalies: Vec::new(),
                    sections: Vec::new(),
                }
            },
        )
}

fn party(name: &str, structure: Option<&str>) -> Party {
    Party {
        nom: name.to_owned(),
        siret: None,
        structure: structure.map(str::to_owned).into_iter().collect(),
    }
}

fn selection() -> impl Strategy<Value = (Facet, Selection)> {
    let value = |facet: Facet, values: &[&'static str]| {
        prop::sample::select(values.to_vec()).prop_map(move |value| (facet, Selection::Value(value.to_owned())))
    };
    let range = |facet: Facet, numbers: Vec<u64>| {
        let bound = prop::option::of(prop::sample::select(numbers));
        (bound.clone(), bound).prop_map(move |(from, to)| (facet, Selection::Range(Bounds { from, to })))
    };
    prop_oneof![
        value(Facet::Territoire, &["A", "A > B", "E > B", "A > Z", "Z"]),
        value(Facet::Cpv, &["75000000", "75231240", "45000000", "99000000"]),
        value(Facet::Reserve, &["SIAE", "ESS", "EA"]),
        value(Facet::Nature, &["services", "travaux", "fournitures"]),
        value(Facet::Annee, &["2020", "2021"]),
        value(Facet::Titulaire, &["Éco-Logis", "Emmaüs"]),
        value(Facet::Structure, &["Coopérative"]),
        value(Facet::Theme, &["déchets", "Déchets ménagers", "absent"]),
        range(Facet::Annee, vec![2020, 2021, 2022]),
        range(Facet::Montant, vec![0, 4_000_000, 21_600_000]),
        range(Facet::Duree, vec![6, 12, 24]),
        prop::sample::select(Facet::ALL.to_vec()).prop_map(|facet| (facet, Selection::Missing)),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let has = prop::collection::vec(selection(), 1..3).prop_map(|selections| {
        let facet = selections[0].0;
        let of_it = selections.into_iter().filter(|(other, _)| *other == facet);
        Condition::Has(facet, of_it.map(|(_, selection)| selection).collect())
    });
    let level = (
        prop::sample::select(vec![Facet::Territoire, Facet::Cpv, Facet::Montant]),
        0..4_usize,
    );
    let leaf = prop_oneof![has, level.prop_map(|(facet, level)| Condition::Reaches(facet, level))];
    let tree = leaf.prop_recursive(3, 8, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            several.clone().prop_map(Condition::All),
            several.prop_map(Condition::Any),
            inner.prop_map(|condition| Condition::Not(Box::new(condition))),
        ]
    });
    prop_oneof![2 => Just(Condition::default()), 1 => tree]
}

fn request() -> impl Strategy<Value = SearchRequest> {
    let query = prop::sample::subsequence(WORDS.to_vec(), 0..2);
    let sort = prop::sample::select(vec![
        Sort::Relevance,
        Sort::Amount,
        Sort::AmountDescending,
        Sort::Date,
        Sort::DateDescending,
        Sort::Duration,
        Sort::DurationDescending,
        Sort::Title,
    ]);
    (
        query,
        prop::collection::vec(selection(), 0..4),
        sort,
        1..4_usize,
        1..8_usize,
        condition(),
        1..4_usize,
        prop::sample::select(vec![1, 2, 5, 200]),
    )
        .prop_map(
            |(query, selections, sort, page, per_page, condition, max_numbers, max_values)| {
                let mut filters = Filters::default();
                selections
                    .into_iter()
                    .for_each(|(facet, selection)| filters.add(facet, selection));
                SearchRequest {
                    query: query.join(" "),
                    filters,
                    condition,
                    max_numbers,
                    max_per_level: max_numbers,
                    max_values,
                    sort,
                    offset: (page - 1) * per_page,
                    limit: per_page,
                    ..SearchRequest::default()
                }
            },
        )
}

fn flatten(values: &[TreeValue], found: &mut BTreeMap<String, u64>) {
    for value in values {
        found.insert(value.path.clone(), value.count);
        flatten(&value.children, found);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CORPORA))]

    #[test]
    fn counts_are_those_of_a_plain_loop(
        records in records(),
        requests in prop::collection::vec((request(), prop::sample::select(vec!["", "e", "de", "tri", "75"])), REQUESTS),
        per_segment in 8..40_usize,
    ) {
        let engine = engine(&records, per_segment);
        let labels = CpvLabels::none();
        let label = |facet: Facet, path: &str| match facet {
            Facet::Cpv => labels.of_branch(path).map(rex_analysis::fold),
            _ => None,
        };
        let conformance = Conformance::new(&engine, &records).with_labels(&label);
        for (request, words) in requests {
            conformance.check(&request);
            for facet in [Facet::Theme, Facet::Territoire, Facet::Cpv] {
                conformance.check_values(&request, facet, words);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn hits_are_in_order_whatever_the_segments(records in records(), request in request(), per_segment in 8..40_usize) {
        for per_segment in [per_segment, usize::MAX] {
            let engine = engine(&records, per_segment);
            Conformance::new(&engine, &records).check_pages(&request);
        }
    }

    #[test]
    fn limits_lookups_and_marks_are_those_of_every_backend(
        records in records(),
        request in request(),
        per_segment in 8..40_usize,
        text in "\\PC{0,40}|[a-zé' .:\n]{0,60}|(tri|école|des| |’|-){0,12}",
    ) {
        let engine = engine(&records, per_segment);
        let conformance = Conformance::new(&engine, &records);
        conformance.check_lookups();
        conformance.check_limits(&request);
        conformance.check_deadline(&request);
        conformance.check_highlighter(&request.query, &text);
    }
}

#[test]
fn no_page_is_deeper_than_the_limit_and_a_scan_is() {
    let records: Vec<Record> = (0..MAX_DEPTH + 8)
        .map(|rank| serde_json::from_value(serde_json::json!({"id": format!("c{rank:05}"), "titre": "tri"})).unwrap())
        .collect();
    let engine = engine(&records, usize::MAX);
    let conformance = Conformance::new(&engine, &records);
    for query in ["", "tri"] {
        for (offset, limit) in [(MAX_DEPTH - 5, 10), (MAX_DEPTH, 10), (MAX_DEPTH + 2, 10)] {
            conformance.check(&SearchRequest {
                query: query.to_owned(),
                offset,
                limit,
                ..SearchRequest::default()
            });
        }
    }
}

#[test]
fn a_region_stays_listed_beside_one_with_many_communes() {
    let in_territory = |rank: usize, levels: &[&str]| Record {
        id: format!("c{rank:03}"),
        titre: "tri".to_owned(),
        territoire: levels.iter().map(|level| (*level).to_owned()).collect(),
        ..serde_json::from_value(serde_json::json!({"id": "x", "titre": "x"})).unwrap()
    };
    let mut records: Vec<Record> = (0..500)
        .map(|rank| in_territory(rank, &["Bretagne", "Morbihan", &format!("Commune {:03}", rank / 2)]))
        .collect();
    records.push(in_territory(500, &["Mayotte", "Mayotte", "Mtsamboro"]));
    records.push(in_territory(501, &["Île-de-France", "Paris", "Paris"]));
    for per_segment in [100, 1_000] {
        let engine = engine(&records, per_segment);
        let paths = |filter: Option<&str>| {
            let mut request = SearchRequest::default();
            if let Some(path) = filter {
                request
                    .filters
                    .add(Facet::Territoire, Selection::Value(path.to_owned()));
            }
            let response = engine.search(&request).unwrap();
            let (_, counts) = response
                .facets
                .into_iter()
                .find(|(facet, _)| *facet == Facet::Territoire)
                .unwrap();
            let FacetCounts::Hierarchy { values, .. } = counts else {
                panic!("not a hierarchy");
            };
            let mut found = BTreeMap::new();
            flatten(&values, &mut found);
            found
        };
        let all = paths(None);
        assert_eq!((all["Bretagne"], all["Mayotte"], all["Île-de-France"]), (500, 1, 1));
        assert!(
            !all.contains_key("Mayotte > Mayotte > Mtsamboro"),
            "what is rare and deep is not listed at first"
        );
        let below = paths(Some("Mayotte > Mayotte"));
        assert_eq!((below["Bretagne"], below["Mayotte > Mayotte > Mtsamboro"]), (500, 1));
        // A map is whole: rare départements come before the many communes of the one that is selected.
        let beside = paths(Some("Bretagne > Morbihan"));
        assert_eq!((beside["Île-de-France > Paris"], beside["Mayotte > Mayotte"]), (1, 1));
        assert!(beside.contains_key("Bretagne > Morbihan > Commune 000"));
        assert!(below.len() <= rex_query::DEFAULT_VALUES);
    }
}

#[test]
fn the_last_level_of_many_values_is_looked_in() {
    let records: Vec<Record> = (0..5_000)
        .map(|rank| {
            let commune = format!("Commune {:x} {rank:04}", rank * 7_919);
            serde_json::from_value(serde_json::json!({
                "id": format!("c{rank:04}"), "titre": "tri", "territoire": ["Bretagne", "Morbihan", commune],
            }))
            .unwrap()
        })
        .collect();
    let engine = engine(&records, usize::MAX);
    for (level, words, expected) in [
        (0, "", 1),
        (1, "morb", 1),
        (2, "", 5_000),
        (2, "0042", 1),
        (2, "comune 0042", 1),
    ] {
        let query = FacetQuery {
            facet: Facet::Territoire,
            words: words.to_owned(),
            level: Some(level),
            offset: 0,
            limit: 3,
        };
        let found = engine.facet_values(&SearchRequest::default(), &query).unwrap();
        assert_eq!(found.total, expected, "{level} {words}");
    }
}
