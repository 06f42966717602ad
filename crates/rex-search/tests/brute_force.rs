//! Every count, total and order against the plainest way to get them: looking at every record.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rex_corpus::{CaseType, Cpv, CpvLabels, Date, Euros, Nature, Party, Record, Reserve};
use rex_indexer::IndexWriter;
use rex_query::Facet;
use rex_query::{
    Bounds, Bucket, Condition, FacetCounts, FacetKind, FacetQuery, Filters, MAX_VALUES, SearchBackend, SearchRequest,
    Selection, Sort, TreeValue, bars, steps,
};
use rex_search::Engine;
use tantivy::directory::RamDirectory;

const WORDS: [&str; 5] = ["tri", "insertion", "cartons", "école", "papier"];
/// Corpora made up, and requests made up for each: 10,000 pairs of the two.
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
                    max_values,
                    sort,
                    offset: (page - 1) * per_page,
                    limit: per_page,
                    ..SearchRequest::default()
                }
            },
        )
}

fn holds_words(record: &Record, query: &str) -> bool {
    query
        .split_whitespace()
        .all(|word| record.titre.split(' ').any(|other| other == word))
}

/// Whether a record passes every filter but that of `except`, and fulfils the condition.
fn passes(record: &Record, request: &SearchRequest, except: Option<Facet>) -> bool {
    request
        .filters
        .iter()
        .filter(|(facet, _)| Some(*facet) != except)
        .all(|(facet, selections)| has(record, facet, selections))
        && fulfils(record, &request.condition)
}

fn fulfils(record: &Record, condition: &Condition) -> bool {
    match condition {
        Condition::All(conditions) => conditions.iter().all(|condition| fulfils(record, condition)),
        Condition::Any(conditions) => conditions.iter().any(|condition| fulfils(record, condition)),
        Condition::Not(condition) => !fulfils(record, condition),
        Condition::Has(facet, selections) => has(record, *facet, selections),
        Condition::Reaches(Facet::Territoire, level) => record.territoire.len() > *level,
        Condition::Reaches(Facet::Cpv, level) => record.cpv.is_some_and(|cpv| cpv.branches().len() > *level),
        Condition::Reaches(..) => false,
    }
}

fn has(record: &Record, facet: Facet, selections: &[Selection]) -> bool {
    let values = facet.values(record);
    selections.iter().any(|selection| match selection {
        Selection::Value(value) => values.contains(value),
        Selection::Range(bounds) => {
            let written = values.iter().filter_map(|value| value.parse().ok());
            facet
                .number(record)
                .into_iter()
                .chain(written)
                .any(|number| bounds.contains(number))
        }
        Selection::Missing => values.is_empty() && facet.number(record).is_none(),
    })
}

fn flatten(values: &[TreeValue], found: &mut BTreeMap<String, u64>) {
    for value in values {
        found.insert(value.path.clone(), value.count);
        flatten(&value.children, found);
    }
}

/// How many of these records have each value.
fn counted(facet: Facet, records: &[&Record]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for value in records.iter().flat_map(|record| facet.values(record)) {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

/// Each bucket begins where it should and counts the numbers within.
fn check_buckets(buckets: &[Bucket], starts: &[u64], numbers: &[u64]) {
    for bucket in buckets {
        let next = starts.iter().position(|start| *start == bucket.from).unwrap() + 1;
        assert_eq!(bucket.to, starts.get(next).copied());
        let within = |number: &&u64| **number >= bucket.from && bucket.to.is_none_or(|to| **number < to);
        assert_eq!(bucket.count, numbers.iter().filter(within).count() as u64, "{bucket:?}");
    }
}

fn check_facet(facet: Facet, counts: &FacetCounts, matching: &[&Record], request: &SearchRequest) {
    let mut expected = counted(facet, matching);
    let different = expected.len() as u64;
    let mut listed = BTreeSet::new();
    for selection in request.filters.of(facet) {
        if let Selection::Value(value) = selection {
            // What is selected is listed though no case has it, and what is above it.
            for step in facet.lineage(value) {
                expected.entry(step.clone()).or_default();
                listed.insert(step);
            }
        }
    }
    let valueless = |record: &&&Record| facet.values(record).is_empty() && facet.number(record).is_none();
    let expected_missing = matching.iter().filter(valueless).count() as u64;
    let (found, missing) = match counts {
        FacetCounts::Terms {
            values,
            distinct,
            missing,
            ..
        } => {
            assert_eq!(*distinct, different, "{facet:?}");
            let values = values.iter().map(|value| (value.value.clone(), value.count));
            (values.collect(), *missing)
        }
        FacetCounts::Hierarchy {
            values,
            distinct,
            missing,
            ..
        } => {
            assert_eq!(*distinct, different, "{facet:?}");
            let mut found = BTreeMap::new();
            flatten(values, &mut found);
            (found, *missing)
        }
        FacetCounts::Range {
            min,
            max,
            buckets,
            histogram,
            numbers,
            missing,
            ..
        } => {
            let mut all: Vec<u64> = matching.iter().filter_map(|record| facet.number(record)).collect();
            all.sort_unstable();
            assert_eq!((*min, *max), (all.first().copied(), all.last().copied()), "{facet:?}");
            assert_eq!(buckets.len(), steps(facet).len());
            check_buckets(buckets, steps(facet), &all);
            check_buckets(histogram, bars(facet), &all);
            let drawn: u64 = histogram.iter().map(|bar| bar.count).sum();
            assert_eq!(drawn, all.len() as u64, "{facet:?}");
            let mut least: Vec<u64> = all.clone();
            least.dedup();
            least.truncate(request.max_numbers);
            let count = |number: u64| all.iter().filter(|other| **other == number).count() as u64;
            let least: Vec<_> = least.into_iter().map(|number| (number, count(number))).collect();
            assert_eq!(*numbers, least, "{facet:?}");
            (BTreeMap::new(), *missing)
        }
    };
    if facet.kind() != FacetKind::Range {
        let most = request.max_values.max(listed.len()).min(expected.len());
        assert_eq!(found.len(), most, "{facet:?} {found:?} of {expected:?}");
        assert!(
            listed.iter().all(|value| found.contains_key(value)),
            "{facet:?} {found:?}"
        );
        // Those kept are the most frequent, where no level comes before another.
        let is_kept = |value: &String| found.contains_key(value);
        let least = expected
            .iter()
            .filter(|(value, _)| is_kept(value) && !listed.contains(*value))
            .map(|(_, count)| count)
            .min();
        let left_out = expected
            .iter()
            .filter(|(value, _)| !is_kept(value))
            .map(|(_, count)| count)
            .max();
        if facet.kind() == FacetKind::Terms
            && let (Some(least), Some(left_out)) = (least, left_out)
        {
            assert!(least >= left_out, "{facet:?} {found:?} of {expected:?}");
        }
        expected.retain(|value, _| is_kept(value));
        assert_eq!(found, expected, "{facet:?}");
    }
    assert_eq!(missing, expected_missing, "{facet:?}");
}

/// Looking among the values of a facet gives those of the search that hold the words, with its counts.
fn check_values(engine: &Engine, request: &SearchRequest, facet: Facet, matching: &[&Record], words: &str) {
    let mut all = counted(facet, matching);
    for selection in request.filters.of(facet) {
        if let Selection::Value(value) = selection {
            all.entry(value.clone()).or_default();
        }
    }
    let name = |path: &str| path.rsplit(" > ").next().unwrap().to_lowercase().replace('é', "e");
    let labels = CpvLabels::none();
    let label = |path: &str| {
        labels
            .of_branch(path)
            .filter(|_| facet == Facet::Cpv)
            .map(rex_analysis::fold)
    };
    let holds = |path: &str| name(path).contains(words) || label(path).is_some_and(|label| label.contains(words));
    let levels = match facet.kind() {
        FacetKind::Hierarchy => vec![None, Some(0), Some(1), Some(facet.levels() - 1)],
        FacetKind::Terms | FacetKind::Range => vec![None],
    };
    for level in levels {
        let query = FacetQuery {
            facet,
            words: words.to_owned(),
            level,
            offset: 0,
            limit: MAX_VALUES,
        };
        let mut expected = all.clone();
        expected.retain(|value, _| holds(value));
        expected.retain(|value, _| level.is_none_or(|level| facet.level(value) == level));
        let found = engine.facet_values(request, &query).unwrap();
        assert_eq!(found.total, expected.len() as u64);
        let found: BTreeMap<_, _> = found
            .values
            .into_iter()
            .map(|value| (value.path, value.count))
            .collect();
        assert_eq!(found, expected, "{facet:?} {level:?} {words}");
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
        for (request, words) in requests {
            let response = engine.search(&request).unwrap();
            let held: Vec<&Record> = records.iter().filter(|record| holds_words(record, &request.query)).collect();
            prop_assert!(!response.suggestions.relaxed, "one word is never relaxed");
            let hits: BTreeSet<_> = held.iter().filter(|record| passes(record, &request, None)).map(|record| &record.id).collect();
            prop_assert_eq!(response.total, hits.len() as u64);
            let listing = engine.scan(&request, 0..usize::MAX).unwrap();
            let listed = listing.records(0..usize::MAX).unwrap();
            prop_assert_eq!(listed.iter().map(|record| &record.id).collect::<BTreeSet<_>>(), hits);
            let given: Vec<_> = response.hits.iter().map(|hit| &*hit.record).collect();
            let page: Vec<_> = listed.iter().skip(request.offset).take(request.limit).collect();
            prop_assert_eq!(given, page);
            for (facet, counts) in &response.facets {
                let matching: Vec<_> =
                    held.iter().filter(|record| passes(record, &request, Some(*facet))).copied().collect();
                check_facet(*facet, counts, &matching, &request);
                if matches!(facet, Facet::Theme | Facet::Territoire | Facet::Cpv) {
                    check_values(&engine, &request, *facet, &matching, words);
                }
            }
            let counted: Vec<Facet> = response.facets.iter().map(|(facet, _)| *facet).collect();
            prop_assert_eq!(counted, request.facets);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

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
