use std::collections::BTreeMap;
use std::path::Path;

use rex_corpus::{Euros, Party, Record};
use rex_index::{FacetColumns, FacetTable};
use rex_indexer::IndexWriter;
use rex_query::{Facet, FacetKind};
use tantivy::directory::{Directory, RamDirectory};
use tantivy::{DocId, Index, Searcher};

use super::{CodeCounter, ValueCounts};
use crate::facet::histogram::RangeCounts;

/// A record with up to three of `holders` holders, and an amount in most cases.
fn record(rank: usize, holders: usize) -> Record {
    let text = serde_json::json!({"id": format!("c{rank:06}"), "titre": "x", "type": "marche"});
    let mut record: Record = serde_json::from_value(text).unwrap();
    let names = (0..rank % 4).map(|at| (rank * 31 + at * 17) % holders);
    record.titulaires = names
        .map(|name| Party {
            nom: format!("Titulaire {name}"),
            siret: None,
            structure: Vec::new(),
        })
        .collect();
    record.territoire = ["Région", "Dép", "Ville"][..rank % 4 % 3]
        .iter()
        .map(|level| (*level).to_owned())
        .collect();
    record.montant_ht = (!rank.is_multiple_of(5)).then(|| Euros::from_cents((rank * rank) as u64 % 9_973).unwrap());
    record
}

fn index(records: &[Record]) -> (RamDirectory, Searcher) {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    records.iter().for_each(|record| writer.add(record).unwrap());
    writer.finish().unwrap();
    let searcher = Index::open(directory.clone()).unwrap().reader().unwrap().searcher();
    (directory, searcher)
}

fn codes(facets: &FacetColumns, table: &FacetTable, documents: &[DocId]) -> impl ExactSizeIterator<Item = u32> {
    documents
        .iter()
        .map(|document| facets.rows(0).code(table.slot(), *document))
}

/// The values of some records and how many have each; those without under nothing.
fn by_hand<'a>(facet: Facet, records: impl Iterator<Item = &'a Record>) -> BTreeMap<Option<String>, u64> {
    let mut counts = BTreeMap::new();
    for record in records {
        let number = facet.number(record).map(|number| number.to_string());
        let values: Vec<String> = facet.values(record).into_iter().chain(number).collect();
        if values.is_empty() {
            *counts.entry(None).or_default() += 1;
        }
        values
            .into_iter()
            .for_each(|value| *counts.entry(Some(value)).or_default() += 1);
    }
    counts
}

fn counted(table: &FacetTable, counts: &ValueCounts) -> BTreeMap<Option<String>, u64> {
    let spelled = |rank| match table.facet().kind() {
        FacetKind::Range => table.number(rank).unwrap().to_string(),
        _ => table.facet().value_of(table.term(rank).unwrap()).to_owned(),
    };
    let of_values = counts.within(0..table.values() as u32);
    let mut found: BTreeMap<_, _> = of_values.map(|(rank, count)| (Some(spelled(rank)), count)).collect();
    if counts.missing > 0 {
        found.insert(None, counts.missing);
    }
    found
}

#[test]
fn few_matches_and_many_count_as_a_plain_loop_does() {
    let records: Vec<_> = (0..9_000).map(|rank| record(rank, 8_000)).collect();
    let (directory, searcher) = index(&records);
    let facets = FacetColumns::open(&directory, &searcher).unwrap();
    for step in [1, 2, 7, 100, 3_000, 10_000] {
        for facet in [
            Facet::Titulaire,
            Facet::Territoire,
            Facet::Montant,
            Facet::Type,
            Facet::Theme,
        ] {
            let table = facets.table(facet);
            let documents: Vec<DocId> = (0..9_000).step_by(step).collect();
            let mut counts = CodeCounter::new(table);
            // In two parts, as two blocks come, or two segments.
            let (one, two) = documents.split_at(documents.len() / 3);
            counts.add(codes(&facets, table, one));
            counts.add(codes(&facets, table, two));
            let expected = by_hand(facet, records.iter().step_by(step));
            let counts = counts.finish().unwrap();
            assert_eq!(counted(table, &counts), expected, "{facet:?} of every {step}");
            let values: Vec<_> = counts.within(0..table.values() as u32).collect();
            assert_eq!(counts.distinct(), values.len() as u64);
            assert_eq!(counts.last(), values.last().map(|(rank, _)| *rank));
            let (from, to) = (table.values() as u32 / 5, table.values() as u32 / 2);
            let within = values.iter().filter(|(rank, _)| (from..to).contains(rank));
            assert_eq!(counts.sum(from..to), within.map(|(_, count)| count).sum::<u64>());
            assert!(values.iter().all(|(rank, count)| counts.of(*rank) == *count));
            if step == 1 {
                assert_eq!(counted(table, &ValueCounts::of_all(table)), expected);
            }
        }
    }
}

#[test]
fn a_value_among_thousands_may_be_that_of_most() {
    let holder = |rank: usize| if rank.is_multiple_of(3) { rank } else { 1 };
    let named = |rank: usize| Party {
        nom: format!("Titulaire {}", holder(rank)),
        siret: None,
        structure: Vec::new(),
    };
    let records: Vec<_> = (0..6_000)
        .map(|rank| Record {
            titulaires: vec![named(rank)],
            ..record(rank, 1)
        })
        .collect();
    let (directory, searcher) = index(&records);
    let facets = FacetColumns::open(&directory, &searcher).unwrap();
    // So many codes, few and one, each counted in a way of its own.
    for (facet, different) in [
        (Facet::Titulaire, 2_002),
        (Facet::Territoire, 4),
        (Facet::Type, 2),
        (Facet::Theme, 1),
    ] {
        let table = facets.table(facet);
        assert_eq!(table.codes(), different, "{facet:?}");
        let documents: Vec<DocId> = (0..6_000).filter(|document| document % 5 > 0).collect();
        let mut counts = CodeCounter::new(table);
        documents
            .chunks(1_000)
            .for_each(|documents| counts.add(codes(&facets, table, documents)));
        let expected = by_hand(facet, documents.iter().map(|document| &records[*document as usize]));
        assert_eq!(counted(table, &counts.finish().unwrap()), expected, "{facet:?}");
    }
}

#[test]
fn bars_and_buckets_count_the_same_numbers() {
    let amounts = [
        Some(12_772_100),
        Some(35_000_000),
        Some(159_000_000),
        Some(35_000_000),
        None,
    ];
    let records: Vec<_> = (0..)
        .zip(amounts)
        .map(|(rank, cents)| Record {
            montant_ht: cents.map(|cents| Euros::from_cents(cents).unwrap()),
            ..record(rank, 1)
        })
        .collect();
    let (directory, searcher) = index(&records);
    let facets = FacetColumns::open(&directory, &searcher).unwrap();
    let table = facets.table(Facet::Montant);
    let amounts = RangeCounts::new(table, &ValueCounts::of_all(table), 2);
    let counts: Vec<u64> = amounts.buckets(&[]).iter().map(|bucket| bucket.count).collect();
    assert_eq!(counts, [0, 0, 1, 0, 2, 1, 0]);
    let bars = amounts.histogram(&[]);
    assert_eq!((bars[0].from, bars[0].to), (10_000_000, Some(16_000_000)));
    let counts: Vec<u64> = bars.iter().map(|bar| bar.count).collect();
    assert_eq!(counts, [1, 0, 2, 0, 0, 1]);
    assert_eq!((amounts.min(), amounts.max()), (Some(12_772_100), Some(159_000_000)));
    assert_eq!(amounts.missing, 1);
    assert_eq!(amounts.into_numbers(), [(12_772_100, 1), (35_000_000, 2)]);
    let none = facets.table(Facet::Duree);
    assert_eq!(RangeCounts::new(none, &ValueCounts::of_all(none), 0).histogram(&[]), []);
}

#[test]
fn a_code_that_the_facet_lacks_is_an_error() {
    let records: Vec<_> = (0..300).map(|rank| record(rank, 40)).collect();
    let (directory, searcher) = index(&records);
    let path = Path::new("facets");
    let good = directory.atomic_read(path).unwrap();
    let mut bad = good.clone();
    // The codes of all facets of the last document, before the four bytes at the end.
    let rows = bad.len() - 4 - 14..bad.len() - 4;
    bad[rows].fill(0xff);
    directory.atomic_write(path, &bad).unwrap();
    let facets = FacetColumns::open(&directory, &searcher).unwrap();
    let table = facets.table(Facet::Titulaire);
    for documents in [vec![299], (0..300).collect()] {
        let mut counts = CodeCounter::new(table);
        counts.add(codes(&facets, table, &documents));
        assert!(counts.finish().is_err());
    }
}
