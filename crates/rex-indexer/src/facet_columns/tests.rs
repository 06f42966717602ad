use std::collections::BTreeSet;
use std::path::Path;

use rex_corpus::{Euros, Party, Record};
use rex_index::RecordDecoder;
use rex_query::{Facet, FacetKind};
use tantivy::directory::{Directory, OwnedBytes, RamDirectory};
use tantivy::{DocAddress, Index, Searcher};

use crate::build::index_writer::IndexWriter;
use crate::build::memory_budget::MemoryBudget;
use crate::build::side_files::write_side_files;
use rex_index::facet_columns::*;

/// Names with edge cases: only spaces, null, multi-byte characters, a leading digit like that of a level.
const NAMES: [&str; 9] = [
    "Éco",
    "eco",
    "\u{0}",
    "a\u{0}b",
    "🜁 terre",
    "0",
    "1 > 2",
    "\u{10ffff}",
    "z",
];

fn record(number: usize) -> Record {
    let text = serde_json::json!({"id": format!("c{number}"), "titre": "x", "type": "marche"});
    let mut record: Record = serde_json::from_value(text).unwrap_or_else(|error| panic!("{error}"));
    // Sets of zero to three names.
    let names = (0..number % 4).map(|at| NAMES[(number / 4 + at * 2) % NAMES.len()]);
    record.titulaires = names
        .map(|name| Party {
            nom: name.to_owned(),
            siret: None,
            structure: Vec::new(),
        })
        .collect();
    record.territoire = ["Région", "Dép", "Ville"][..number % 3]
        .iter()
        .map(|level| (*level).to_owned())
        .collect();
    record.montant_ht = (!number.is_multiple_of(5)).then(|| Euros::from_cents(number as u64 % 7 * 1_000_000).unwrap());
    record
}

/// The directory of an index with `per_segment` records in each segment, or with one merged segment.
fn index(records: &[Record], per_segment: Option<usize>) -> RamDirectory {
    let directory = RamDirectory::create();
    let mut writer = IndexWriter::create(directory.clone()).unwrap();
    for segment in records.chunks(per_segment.unwrap_or(7)) {
        segment.iter().for_each(|record| writer.add(record).unwrap());
        writer.commit().unwrap();
    }
    match per_segment {
        None => writer.finish().unwrap(),
        Some(_) => write_side_files(
            &directory,
            searcher(&directory).segment_readers(),
            MemoryBudget::default(),
        )
        .unwrap(),
    }
    directory
}

fn searcher(directory: &RamDirectory) -> Searcher {
    Index::open(directory.clone()).unwrap().reader().unwrap().searcher()
}

/// The values of each facet by document, sorted by id, read from the index.
fn contents(directory: &RamDirectory) -> Vec<(String, Vec<Vec<String>>)> {
    let searcher = searcher(directory);
    let facets = FacetColumns::open(directory, &searcher).unwrap();
    let records = RecordDecoder::open(directory).unwrap();
    let mut contents = Vec::new();
    for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
        let rows = facets.rows(ordinal as u32);
        for document in 0..segment.max_doc() {
            let stored = searcher.doc(DocAddress::new(ordinal as u32, document)).unwrap();
            let id = records.record(&stored).unwrap().id;
            let of_facet = |facet: Facet| {
                let table = facets.table(facet);
                let spelled = |ordinal| match facet.kind() {
                    FacetKind::Range => table.number(ordinal).unwrap().to_string(),
                    _ => facet.value_of(table.term(ordinal).unwrap()).to_owned(),
                };
                let mut values: Vec<_> = table.ordinals(rows.code(table.slot(), document)).map(spelled).collect();
                values.sort();
                values
            };
            contents.push((id, Facet::ALL.map(of_facet).to_vec()));
        }
    }
    contents.sort();
    contents
}

/// The same from the records.
fn expected(records: &[Record]) -> Vec<(String, Vec<Vec<String>>)> {
    let of_facet = |record: &Record, facet: Facet| {
        let number = facet.number(record).map(|number| number.to_string());
        number.into_iter().chain(facet.values(record)).collect()
    };
    let mut expected: Vec<_> = records
        .iter()
        .map(|record| {
            (
                record.id.clone(),
                Facet::ALL.map(|facet| of_facet(record, facet)).to_vec(),
            )
        })
        .collect();
    expected.sort();
    expected
}

#[test]
fn documents_have_the_values_of_their_records_in_one_segment_or_several() {
    let records: Vec<_> = (0..200).map(record).collect();
    for per_segment in [None, Some(200), Some(33), Some(1_000)] {
        assert!(
            contents(&index(&records, per_segment)) == expected(&records),
            "{per_segment:?}"
        );
    }
}

#[test]
fn an_empty_index_has_facet_columns() {
    let directory = index(&[], None);
    let facets = FacetColumns::open(&directory, &searcher(&directory)).unwrap();
    for facet in Facet::ALL {
        let table = facets.table(facet);
        assert_eq!((table.values(), table.codes(), table.missing()), (0, 1, 0));
        assert_eq!(table.ordinals_with_prefix(""), 0..0);
    }
}

#[test]
fn totals_and_lookups_are_those_of_the_records() {
    let records: Vec<_> = (0..200).map(record).collect();
    let directory = index(&records, None);
    let facets = FacetColumns::open(&directory, &searcher(&directory)).unwrap();
    let table = facets.table(Facet::Titulaire);
    let names: BTreeSet<_> = records
        .iter()
        .flat_map(|record| Facet::Titulaire.values(record))
        .collect();
    let totals: Vec<_> = table.totals().collect();
    assert_eq!(table.values(), names.len());
    for (ordinal, name) in names.iter().enumerate() {
        let ordinal = ordinal as u32;
        assert_eq!(table.term(ordinal).unwrap(), name);
        assert_eq!(table.ordinal_of(name), Some(ordinal));
        let having = records
            .iter()
            .filter(|record| Facet::Titulaire.values(record).contains(name));
        assert_eq!(totals[ordinal as usize] as usize, having.count());
        let begin = table.ordinals_with_prefix(name);
        let by_hand = names
            .iter()
            .filter(|other| other.as_bytes().starts_with(name.as_bytes()));
        assert_eq!((begin.start, begin.len()), (ordinal, by_hand.count()));
    }
    let without = records.iter().filter(|record| record.titulaires.is_empty()).count();
    assert_eq!(table.missing() as usize, without);
    assert_eq!(table.ordinal_of("nobody"), None);
    assert!(table.term(names.len() as u32).is_err() && table.term(u32::MAX).is_err());
    let mut ordinals: Vec<_> = (0..table.values() as u32).collect();
    ordinals.sort_by_key(|ordinal| table.collation_ordinal(*ordinal));
    let in_order: Vec<_> = ordinals
        .iter()
        .map(|ordinal| dictionary_order(table.term(*ordinal).unwrap()))
        .collect();
    assert!(in_order.is_sorted());

    let amounts = facets.table(Facet::Montant);
    let numbers: Vec<_> = (0..amounts.values() as u32)
        .map(|ordinal| amounts.number(ordinal).unwrap())
        .collect();
    assert!(numbers.len() == 7 && numbers.is_sorted_by(|a, b| a < b));
    assert_eq!(
        (
            amounts.ordinal_from(0),
            amounts.ordinal_from(1),
            amounts.ordinal_from(u64::MAX)
        ),
        (0, 1, 7)
    );
}

#[test]
fn a_truncated_file_or_one_of_another_index_is_an_error() {
    let records: Vec<_> = (0..50).map(record).collect();
    let directory = index(&records, None);
    let path = Path::new(FILE);
    let good = directory.atomic_read(path).unwrap();
    let read =
        |bytes: &[u8], documents: usize| FacetColumns::read(&OwnedBytes::new(bytes.to_vec()), [documents].into_iter());
    assert!(read(&good, 50).is_ok() && read(&good, 51).is_err() && read(&good, 49).is_err());
    for length in 0..good.len() {
        assert!(read(&good[..length], 50).is_err(), "cut at {length}");
    }
    assert!(read(&[good.as_slice(), b"x"].concat(), 50).is_err());
    let header = 8 + 4 * 3 + 4 * 6 * Facet::ALL.len() + 4;
    for at in 0..header {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        assert!(read(&bad, 50).is_err(), "byte {at}");
    }
}

#[test]
fn damage_past_the_header_never_panics() {
    let records: Vec<_> = (0..50).map(record).collect();
    let good = index(&records, None).atomic_read(Path::new(FILE)).unwrap();
    let header = 8 + 4 * 3 + 4 * 6 * Facet::ALL.len() + 4;
    let mut read = 0;
    for at in header..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0xd5;
        let Ok(facets) = FacetColumns::read(&OwnedBytes::new(bad), [50].into_iter()) else {
            continue;
        };
        for facet in Facet::ALL {
            let table = facets.table(facet);
            for ordinal in 0..=table.values() as u32 {
                let _ = (
                    table.term(ordinal),
                    table.number(ordinal),
                    table.collation_ordinal(ordinal),
                );
            }
            let _ = (
                table.ordinal_of("Éco"),
                table.ordinals_with_prefix("1"),
                table.ordinal_from(3),
            );
            for document in 0..60 {
                read += table.ordinals(facets.rows(0).code(table.slot(), document)).count();
            }
        }
    }
    assert!(read > 0);
}
