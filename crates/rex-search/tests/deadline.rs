//! Every method of the backend stops at its deadline.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use rex_indexer::IndexWriter;
use rex_query::conformance::Conformance;
use rex_query::{Deadline, SearchBackend, SearchRequest, Sort};
use rex_search::Engine;
use serde_json::json;
use tantivy::directory::RamDirectory;

fn engine(records: usize) -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for rank in 0..records {
        let record = json!({"id": format!("m{rank}"), "titre": "Collecte des cartons", "acheteur": {"nom": format!("Ville {rank}")}});
        writer.add(&serde_json::from_value(record).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    Engine::open(directory, "test").unwrap()
}

fn asking(query: &str, sort: Sort, deadline: Deadline) -> SearchRequest {
    SearchRequest {
        query: query.to_owned(),
        sort,
        deadline,
        ..SearchRequest::default()
    }
}

#[test]
fn no_time_at_all_stops_every_kind_of_search() {
    let engine = engine(10);
    let conformance = Conformance::new(&engine, &[]);
    for query in ["", "collecte", "collecte cartons introuvables"] {
        for sort in [Sort::Relevance, Sort::Title] {
            conformance.check_deadline(&asking(query, sort, Deadline::within(Duration::ZERO)));
        }
    }
}

#[test]
fn time_enough_changes_nothing() {
    // More cases than are handled between two checks of the clock, and no multiple of that number.
    let engine = engine(9_001);
    for (query, sort) in [("", Sort::Title), ("collecte", Sort::Relevance), ("", Sort::Relevance)] {
        let limited = asking(query, sort, Deadline::within(Duration::from_secs(3_600)));
        let unlimited = SearchRequest {
            deadline: Deadline::NONE,
            ..limited.clone()
        };
        let (limited, unlimited) = (engine.search(&limited).unwrap(), engine.search(&unlimited).unwrap());
        assert_eq!((limited.total, limited.facets), (9_001, unlimited.facets));
        let ids = |hits: &[rex_query::Hit]| hits.iter().map(|hit| hit.record.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&limited.hits), ids(&unlimited.hits));
    }
}
