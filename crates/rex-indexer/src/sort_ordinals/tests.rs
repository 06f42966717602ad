use std::path::Path;

use rex_corpus::Record;
use rex_index::RecordDecoder;
use tantivy::directory::{Directory, OwnedBytes, RamDirectory};
use tantivy::{DocAddress, Index, Searcher};

use crate::build::index_writer::IndexWriter;
use crate::build::memory_budget::MemoryBudget;
use crate::build::side_files::write_side_files;
use rex_index::sort_ordinals::*;

const TITLES: [&str; 7] = ["L'école", "ecole", "Zoo", "", "Écoles (2)", "a", "À la carte"];

fn record(number: usize) -> Record {
    let id = format!("{:x}-é{}", number * 7_919 % 1_000, number % 3);
    let fields = serde_json::json!({"id": id, "titre": TITLES[number % TITLES.len()]});
    serde_json::from_value(fields).unwrap_or_else(|error| panic!("{error}"))
}

/// An index of `count` records with `per_segment` of them in each segment, or with one merged segment.
fn index(count: usize, per_segment: Option<usize>) -> (RamDirectory, Searcher, RecordDecoder) {
    let records: Vec<_> = (0..count).map(record).collect();
    let directory = RamDirectory::create();
    let mut writer = IndexWriter::create(directory.clone()).unwrap();
    for segment in records.chunks(per_segment.unwrap_or(7)) {
        segment.iter().for_each(|record| writer.add(record).unwrap());
        writer.commit().unwrap();
    }
    match per_segment {
        None => writer.finish().unwrap(),
        Some(_) => writer.commit().unwrap(),
    }
    let searcher = Index::open(directory.clone()).unwrap().reader().unwrap().searcher();
    if per_segment.is_some() {
        write_side_files(&directory, searcher.segment_readers(), MemoryBudget::default()).unwrap();
    }
    let reader = RecordDecoder::open(&directory).unwrap();
    (directory, searcher, reader)
}

#[test]
fn ordinals_follow_the_sorted_records_in_one_segment_or_several() {
    for (count, per_segment) in [
        (0, None),
        (1, None),
        (2, None),
        (257, None),
        (257, Some(300)),
        (257, Some(50)),
    ] {
        let (directory, searcher, records) = index(count, per_segment);
        let ordinals = SortOrdinals::open(&directory, &searcher).unwrap();
        let mut found = Vec::new();
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            for document in 0..reader.max_doc() {
                let address = DocAddress::new(segment, document);
                let stored = records.record(&searcher.doc(address).unwrap()).unwrap();
                assert_eq!(ordinals.find(&searcher, &records, &stored.id).unwrap(), Some(address));
                found.push((ordinals.id_ordinal(address), ordinals.title_ordinal(address), stored));
            }
        }
        assert_eq!(found.len(), count);
        found.sort_by_key(|(by_id, ..)| *by_id);
        let ids: Vec<_> = found.iter().map(|(_, _, record)| record.id.as_str()).collect();
        assert!(ids.is_sorted() && found.iter().map(|(by_id, ..)| *by_id).eq(0..count as u32));
        found.sort_by_key(|(by_id, by_title, _)| (*by_title, *by_id));
        let mut titles: Vec<_> = found
            .iter()
            .map(|(_, by_title, record)| (record.titre.as_str(), *by_title))
            .collect();
        titles.sort_by_key(|(_, by_title)| *by_title);
        titles.dedup();
        if count > 7 {
            // Titles that differ only in an article or accents share an ordinal, and are in order of id.
            let order: Vec<_> = titles.iter().map(|(_, by_title)| *by_title).collect();
            assert_eq!(titles[0].0, "");
            let ordinal = |title: &str| titles.iter().find(|(other, _)| *other == title).unwrap().1;
            assert_eq!(ordinal("L'école"), ordinal("ecole"));
            assert!(ordinal("a") < ordinal("À la carte") && ordinal("À la carte") < ordinal("ecole"));
            assert!(
                ordinal("ecole") < ordinal("Écoles (2)") && ordinal("Écoles (2)") < ordinal("Zoo"),
                "{order:?}"
            );
        }
        for id in ["", "zz", "1-é9", "3e8-é0"] {
            assert_eq!(ordinals.find(&searcher, &records, id).unwrap(), None, "{id}");
        }
        assert_eq!(ordinals.id_ordinal(DocAddress::new(9, 0)), u32::MAX);
    }
}

#[test]
fn damage_is_an_error_or_gives_other_ordinals() {
    let (directory, searcher, records) = index(100, None);
    let good = directory.atomic_read(Path::new(FILE)).unwrap();
    let read =
        |bytes: &[u8], documents: u32| SortOrdinals::read(&OwnedBytes::new(bytes.to_vec()), [documents].into_iter());
    assert!(read(&good, 100).is_ok() && read(&good, 101).is_err() && read(&good, 99).is_err());
    for length in 0..good.len() {
        assert!(read(&good[..length], 100).is_err(), "cut at {length}");
    }
    assert!(read(&[good.as_slice(), b"x"].concat(), 100).is_err());
    let header = 8 + 4 * 4;
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0xff;
        let ordinals = read(&bad, 100);
        assert!(at >= header || ordinals.is_err(), "byte {at}");
        if let Ok(ordinals) = ordinals {
            for document in 0..100 {
                let address = DocAddress::new(0, document);
                let _ = (ordinals.id_ordinal(address), ordinals.title_ordinal(address));
                let _ = ordinals.find(&searcher, &records, &record(document as usize).id);
            }
        }
    }
}
