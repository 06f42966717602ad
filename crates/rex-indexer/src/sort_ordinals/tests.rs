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

fn record(rank: usize) -> Record {
    let id = format!("{:x}-é{}", rank * 7_919 % 1_000, rank % 3);
    let fields = serde_json::json!({"id": id, "titre": TITLES[rank % TITLES.len()]});
    serde_json::from_value(fields).unwrap_or_else(|error| panic!("{error}"))
}

/// An index of so many records, so many to a segment; finished where they are all in one.
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
fn ranks_are_those_of_the_sorted_records_in_one_segment_or_several() {
    for (count, per_segment) in [
        (0, None),
        (1, None),
        (2, None),
        (257, None),
        (257, Some(300)),
        (257, Some(50)),
    ] {
        let (directory, searcher, records) = index(count, per_segment);
        let ranks = SortOrdinals::open(&directory, &searcher).unwrap();
        let mut found = Vec::new();
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            for document in 0..reader.max_doc() {
                let address = DocAddress::new(segment, document);
                let stored = records.record(&searcher.doc(address).unwrap()).unwrap();
                assert_eq!(ranks.find(&searcher, &records, &stored.id).unwrap(), Some(address));
                found.push((ranks.id_ordinal(address), ranks.title_ordinal(address), stored));
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
            // What is written alike but for an article and accents has one rank, in the order of the ids.
            let order: Vec<_> = titles.iter().map(|(_, by_title)| *by_title).collect();
            assert_eq!(titles[0].0, "");
            let rank = |title: &str| titles.iter().find(|(other, _)| *other == title).unwrap().1;
            assert_eq!(rank("L'école"), rank("ecole"));
            assert!(rank("a") < rank("À la carte") && rank("À la carte") < rank("ecole"));
            assert!(
                rank("ecole") < rank("Écoles (2)") && rank("Écoles (2)") < rank("Zoo"),
                "{order:?}"
            );
        }
        for id in ["", "zz", "1-é9", "3e8-é0"] {
            assert_eq!(ranks.find(&searcher, &records, id).unwrap(), None, "{id}");
        }
        assert_eq!(ranks.id_ordinal(DocAddress::new(9, 0)), u32::MAX);
    }
}

#[test]
fn a_file_that_is_damaged_says_so_or_gives_other_ranks() {
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
        let ranks = read(&bad, 100);
        assert!(at >= header || ranks.is_err(), "byte {at}");
        if let Ok(ranks) = ranks {
            for rank in 0..100 {
                let address = DocAddress::new(0, rank);
                let _ = (ranks.id_ordinal(address), ranks.title_ordinal(address));
                let _ = ranks.find(&searcher, &records, &record(rank as usize).id);
            }
        }
    }
}
