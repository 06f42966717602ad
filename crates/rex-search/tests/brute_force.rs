//! Every count, total and order against the plainest way to get them: looking at every record.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rex_corpus::{CaseType, Cpv, Date, Euros, Nature, Party, Record, Reserve};
use rex_index::{Facet, IndexWriter};
use rex_search::{Bounds, Engine, FacetCounts, Filters, SearchRequest, Selection, Sort, TreeValue, steps};
use tantivy::directory::RamDirectory;

const WORDS: [&str; 5] = ["tri", "insertion", "cartons", "école", "papier"];

/// An engine over records, `per_segment` to a segment.
fn engine(records: &[Record], per_segment: usize) -> Engine {
    let directory = RamDirectory::create();
    let mut writer = IndexWriter::create(directory.clone()).unwrap();
    for segment in records.chunks(per_segment.max(1)) {
        segment.iter().for_each(|record| writer.add(record).unwrap());
        writer.commit().unwrap();
    }
    Engine::open(directory, "test").unwrap()
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
    (words, territory, cpv, reserve, amount, months, date, nature, case_type).prop_map(
        |(words, territory, cpv, reserve, amount, months, date, nature, case_type)| Record {
            id: String::new(),
            titre: words.join(" "),
            case_type,
            acheteur: Some(Party {
                nom: "Ville".to_owned(),
                siret: None,
                structure: None,
            }),
            titulaires: Vec::new(),
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
            themes: Vec::new(),
            date: date.map(|date| Date::parse(date).unwrap()),
            source: None,
            anomalies: Vec::new(),
            sections: Vec::new(),
        },
    )
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
        range(Facet::Montant, vec![0, 4_000_000, 21_600_000]),
        range(Facet::Duree, vec![6, 12, 24]),
        prop::sample::select(Facet::ALL.to_vec()).prop_map(|facet| (facet, Selection::Missing)),
    ]
}

fn request() -> impl Strategy<Value = SearchRequest> {
    let query = prop::sample::subsequence(WORDS.to_vec(), 0..2);
    let sort = prop::sample::select(vec![
        Sort::Relevance,
        Sort::Amount,
        Sort::AmountDescending,
        Sort::DateDescending,
        Sort::Duration,
        Sort::Title,
    ]);
    (
        query,
        prop::collection::vec(selection(), 0..4),
        sort,
        1..4_usize,
        1..8_usize,
    )
        .prop_map(|(query, selections, sort, page, per_page)| {
            let mut filters = Filters::default();
            selections
                .into_iter()
                .for_each(|(facet, selection)| filters.add(facet, selection));
            SearchRequest {
                query: query.join(" "),
                filters,
                sort,
                offset: (page - 1) * per_page,
                limit: per_page,
                ..SearchRequest::default()
            }
        })
}

fn holds_words(record: &Record, query: &str) -> bool {
    query
        .split_whitespace()
        .all(|word| record.titre.split(' ').any(|other| other == word))
}

/// Whether a record passes every filter but that of `except`.
fn passes(record: &Record, filters: &Filters, except: Option<Facet>) -> bool {
    filters
        .iter()
        .filter(|(facet, _)| Some(*facet) != except)
        .all(|(facet, selections)| {
            selections.iter().any(|selection| match selection {
                Selection::Value(value) => facet.values(record).contains(value),
                Selection::Range(bounds) => facet.number(record).is_some_and(|number| bounds.contains(number)),
                Selection::Missing => facet.values(record).is_empty() && facet.number(record).is_none(),
            })
        })
}

fn flatten(values: &[TreeValue], found: &mut BTreeMap<String, u64>) {
    for value in values {
        found.insert(value.path.clone(), value.count);
        flatten(&value.children, found);
    }
}

fn check_facet(facet: Facet, counts: &FacetCounts, matching: &[&Record]) {
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for record in matching {
        facet
            .values(record)
            .into_iter()
            .for_each(|value| *expected.entry(value).or_default() += 1);
    }
    let valueless = |record: &&&Record| facet.values(record).is_empty() && facet.number(record).is_none();
    let expected_missing = matching.iter().filter(valueless).count() as u64;
    let (found, missing) = match counts {
        FacetCounts::Terms { values, missing, .. } => (
            values.iter().map(|value| (value.value.clone(), value.count)).collect(),
            *missing,
        ),
        FacetCounts::Hierarchy { values, missing, .. } => {
            let mut found = BTreeMap::new();
            flatten(values, &mut found);
            (found, *missing)
        }
        FacetCounts::Range {
            min,
            max,
            buckets,
            missing,
            ..
        } => {
            let numbers: Vec<u64> = matching.iter().filter_map(|record| facet.number(record)).collect();
            assert_eq!(
                (*min, *max),
                (numbers.iter().min().copied(), numbers.iter().max().copied()),
                "{facet:?}"
            );
            let steps = steps(facet);
            assert_eq!(buckets.len(), steps.len());
            for bucket in buckets {
                let within = |number: &&u64| **number >= bucket.from && bucket.to.is_none_or(|to| **number < to);
                assert_eq!(
                    bucket.count,
                    numbers.iter().filter(within).count() as u64,
                    "{facet:?} {bucket:?}"
                );
            }
            (BTreeMap::new(), *missing)
        }
    };
    let found: BTreeMap<String, u64> = found.into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(found, expected, "{facet:?}");
    assert_eq!(missing, expected_missing, "{facet:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn counts_are_those_of_a_plain_loop(records in records(), request in request(), per_segment in 8..40_usize) {
        let response = engine(&records, per_segment).search(&request).unwrap();
        let held: Vec<&Record> = records.iter().filter(|record| holds_words(record, &request.query)).collect();
        prop_assert!(!response.suggestions.relaxed, "one word is never relaxed");
        let hits: Vec<_> = held.iter().filter(|record| passes(record, &request.filters, None)).collect();
        prop_assert_eq!(response.total, hits.len() as u64);
        for (facet, counts) in &response.facets {
            let matching: Vec<_> = held.iter().filter(|record| passes(record, &request.filters, Some(*facet))).copied().collect();
            check_facet(*facet, counts, &matching);
        }
        let listed: Vec<Facet> = response.facets.iter().map(|(facet, _)| *facet).collect();
        prop_assert_eq!(listed, request.facets);
    }

    #[test]
    fn hits_are_in_order_whatever_the_segments(records in records(), request in request(), per_segment in 8..40_usize) {
        let many = engine(&records, per_segment);
        let key = |record: &Record| -> (bool, u64, String) {
            let number = |number: Option<u64>, descending: bool| {
                let value = number.unwrap_or_default();
                (number.is_none(), if descending { u64::MAX - value } else { value }, String::new())
            };
            match request.sort {
                Sort::Amount => number(Facet::Montant.number(record), false),
                Sort::AmountDescending => number(Facet::Montant.number(record), true),
                Sort::Duration => number(Facet::Duree.number(record), false),
                Sort::DateDescending => number(record.date.map(Date::sort_key), true),
                Sort::Title => (false, 0, record.titre.replace('é', "e")),
                _ => (false, 0, String::new()),
            }
        };
        let mut all = Vec::new();
        for page in 1.. {
            let hits = many.search(&request.at_page(page)).unwrap().hits;
            if hits.is_empty() {
                break;
            }
            all.extend(hits);
        }
        let ids: BTreeSet<_> = all.iter().map(|hit| hit.record.id.clone()).collect();
        prop_assert_eq!(ids.len(), all.len(), "a case on two pages");
        if request.sort == Sort::Relevance {
            prop_assert!(all.is_sorted_by(|a, b| a.score > b.score || a.score == b.score && a.record.id < b.record.id));
        } else {
            prop_assert!(all.is_sorted_by_key(|hit| (key(&hit.record), hit.record.id.clone())));
        }
        let one = engine(&records, usize::MAX);
        let expected = one.search(&SearchRequest { offset: 0, limit: 100, ..request.clone() }).unwrap();
        prop_assert_eq!(all.len() as u64, expected.total);
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
        assert!(below.len() <= rex_search::DEFAULT_VALUES);
    }
}
