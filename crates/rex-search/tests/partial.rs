//! Records that lack a word of the query, and score at least as the tenth of those that hold them all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use rex_indexer::IndexWriter;
use rex_query::{Facet, Filters, Matching, SearchBackend, SearchRequest, SearchResponse, Selection, Sort};
use rex_search::Engine;
use serde_json::json;
use tantivy::directory::RamDirectory;

/// Forty records that mention both words in a long text, two about one of them, and three hundred others.
fn engine() -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    let filler = |rank: usize| format!("Texte courant numéro {rank} sur un sujet quelconque. ").repeat(12);
    let add = |id: String, title: &str, text: String, theme: &str| {
        let record = json!({
            "id": id, "titre": title, "themes": [theme], "date": format!("20{:02}-01-01", 10 + id.len() % 5),
            "sections": [{"titre": "", "texte": text}],
        });
        writer.add(&serde_json::from_value(record).unwrap()).unwrap();
    };
    for rank in 0..40 {
        let text = format!(
            "{} amiante, puis bien plus loin le dossier. {}",
            filler(rank),
            filler(rank)
        );
        add(
            format!("mention-{rank:02}"),
            "Un autre sujet",
            text,
            ["Propreté", "Voirie"][rank % 2],
        );
    }
    for (id, title) in [("amiante", "L'amiante"), ("retrait", "Amiante : le retrait")] {
        add(id.to_owned(), title, "L'amiante. ".repeat(8), "Voirie");
    }
    for rank in 0..300 {
        add(format!("autre-{rank:03}"), "Rien de tel", filler(rank), "Propreté");
    }
    writer.finish().unwrap();
    Engine::open(directory, "test").unwrap()
}

fn request(change: impl FnOnce(&mut SearchRequest)) -> SearchRequest {
    let mut request = SearchRequest {
        query: "dossier amiante".to_owned(),
        limit: 100,
        ..SearchRequest::default()
    };
    change(&mut request);
    request
}

fn ids(response: &SearchResponse) -> Vec<&str> {
    response.hits.iter().map(|hit| hit.record.id.as_str()).collect()
}

#[test]
fn the_page_about_the_subject_comes_before_those_that_mention_it() {
    let engine = engine();
    let found = engine.search(&request(|_| {})).unwrap();
    let first: BTreeSet<&str> = ids(&found)[..2].iter().copied().collect();
    assert_eq!(first, BTreeSet::from(["amiante", "retrait"]));
    assert_eq!((found.total, found.suggestions.lacking_words), (42, 2));
    assert!(!found.suggestions.relaxed);
}

#[test]
fn every_view_of_the_search_counts_the_same_records() {
    let engine = engine();
    let all: BTreeSet<String> = ids(&engine.search(&request(|_| {})).unwrap())
        .into_iter()
        .map(str::to_owned)
        .collect();
    for sort in [Sort::Date, Sort::DateDescending, Sort::Title, Sort::Amount] {
        let found = engine.search(&request(|request| request.sort = sort)).unwrap();
        assert_eq!(ids(&found).into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), all);
    }
    let counted = engine.search(&request(|request| request.limit = 0)).unwrap();
    assert_eq!((counted.total, counted.suggestions.lacking_words), (42, 2));
    let scan = engine.scan(&request(|_| {}), 0..100).unwrap();
    let exported: BTreeSet<String> = scan
        .records(0..100)
        .unwrap()
        .into_iter()
        .map(|record| record.id)
        .collect();
    assert_eq!(exported, all);
    let mut paged = Vec::new();
    for page in 0..7 {
        let found = engine
            .search(&request(|request| (request.offset, request.limit) = (page * 7, 7)))
            .unwrap();
        assert_eq!(found.total, 42, "page {page}");
        paged.extend(ids(&found).into_iter().map(str::to_owned));
    }
    assert_eq!(paged.len(), 42);
    assert_eq!(
        paged.into_iter().collect::<BTreeSet<_>>(),
        all,
        "no repeats and no gaps"
    );
}

#[test]
fn filters_take_records_away_and_bring_none() {
    let engine = engine();
    let themed = |theme: &str| {
        let mut filters = Filters::default();
        filters.add(Facet::Theme, Selection::Value(theme.to_owned()));
        let found = engine.search(&request(|request| request.filters = filters)).unwrap();
        (found.total, found.suggestions.lacking_words)
    };
    assert_eq!(themed("Voirie"), (22, 2));
    assert_eq!(themed("Propreté"), (20, 0));
}

#[test]
fn all_the_words_may_be_asked_for() {
    let engine = engine();
    let found = engine
        .search(&request(|request| request.matching = Matching::All))
        .unwrap();
    assert_eq!((found.total, found.suggestions.lacking_words), (40, 0));
    assert!(ids(&found).iter().all(|id| id.starts_with("mention")));
}

#[test]
fn phrases_exclusions_and_named_values_hold_for_them_too() {
    let engine = engine();
    for (query, total, lacking) in [
        ("dossier amiante \"le retrait\"", 1, 1),
        ("dossier amiante -retrait", 41, 1),
        ("dossier", 40, 0),
        ("amiante", 42, 0),
    ] {
        let found = engine
            .search(&request(|request| request.query = query.to_owned()))
            .unwrap();
        assert_eq!(
            (found.total, found.suggestions.lacking_words),
            (total, lacking),
            "{query}"
        );
    }
}

#[test]
fn what_holds_a_relaxed_query_stays_found_whatever_its_score() {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    let filler = "Texte courant sur un sujet quelconque. ".repeat(150);
    let text = format!("{filler} La réhabilitation. {filler} Une toiture. {filler} Une église. {filler}");
    let long = json!({"id": "long", "titre": "Un autre sujet", "sections": [{"titre": "", "texte": text}]});
    let short = json!({"id": "court", "titre": "Toiture, église : toiture et église", "sections": []});
    let others = (0..60).map(|rank| json!({"id": format!("autre-{rank}"), "titre": "Rien de tel", "sections": []}));
    let form = json!({"id": "forme", "titre": format!("Réhabiliter {}", "autre chose ".repeat(30)), "sections": []});
    for record in [long, short, form].into_iter().chain(others) {
        writer.add(&serde_json::from_value(record).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    let engine = Engine::open(directory, "test").unwrap();
    // No record has a form of all words: the words of their families are searched, then any of the words.
    let found = engine
        .search(&request(|request| {
            request.query = "réhabiliter toiture église".to_owned();
        }))
        .unwrap();
    assert_eq!(ids(&found), ["court", "long"]);
    assert!(
        found.hits[1].score < 0.33 * found.hits[0].score,
        "it is found for its words"
    );
    assert_eq!((found.total, found.suggestions.lacking_words), (2, 1));
}
