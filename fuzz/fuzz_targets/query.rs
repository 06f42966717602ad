//! A query as typed, through every operation that takes one: none panics or fails, and their answers agree.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use rex_fuzz::{RECORDS, engine};
use rex_query::{
    Facet, FacetKind, FacetQuery, MAX_COMPLETIONS, MAX_QUERY_CHARS, Marked, Matching, SearchBackend, SearchRequest,
};
use rex_search::Engine;

static ENGINE: LazyLock<Engine> = LazyLock::new(engine);

fuzz_target!(|query: &str| -> Corpus {
    // Longer queries are refused before they reach the engine.
    if query.chars().count() > MAX_QUERY_CHARS {
        return Corpus::Reject;
    }
    search(query);
    suggest(query);
    facet_values(query);
    Corpus::Keep
});

fn search(query: &str) {
    let request = SearchRequest {
        query: query.to_owned(),
        ..SearchRequest::default()
    };
    let found = ENGINE.search(&request).expect("a search is answered");
    assert!(found.total <= RECORDS);
    assert_eq!(found.hits.len() as u64, found.total, "a page holds them all");
    let list = ENGINE.scan(&request, 0..100).expect("a listing is made");
    assert_eq!(list.len() as u64, found.total, "a listing finds what a search finds");
    let all = SearchRequest {
        matching: Matching::All,
        ..request
    };
    let strict = ENGINE.search(&all).expect("a search is answered");
    assert!(
        strict.total <= found.total,
        "all the words find no more than most of them"
    );
    let highlighter = ENGINE.highlighter(query).expect("a highlighter is made");
    for hit in &found.hits {
        check(&hit.highlights.title);
        hit.highlights.buyer.iter().for_each(check);
        hit.highlights.holders.iter().for_each(check);
        hit.snippets.iter().for_each(|snippet| check(&snippet.passage));
        for section in &hit.record.sections {
            check(&highlighter.highlight(&section.texte));
        }
        let why = ENGINE.explain(query, &hit.record.id).expect("a hit is explained");
        let why = why.expect("a hit is a case");
        assert!(why.score.is_finite() && hit.score.is_finite());
        assert!(!why.is_excluded, "what is excluded is not found");
    }
    // The query may also be the text of a case.
    check(&highlighter.highlight(query));
}

/// Checks that highlights are ordered, disjoint ranges within the text.
fn check(marked: &Marked) {
    let whole: String = marked.parts().map(|(part, _)| part).collect();
    assert_eq!(whole, marked.text);
    for mark in &marked.marks {
        assert!(!marked.text[mark.clone()].is_empty());
    }
    assert!(marked.marks.windows(2).all(|pair| pair[0].end <= pair[1].start));
}

fn suggest(query: &str) {
    let completions = ENGINE
        .suggest(query, MAX_COMPLETIONS)
        .expect("a beginning is completed");
    assert!(completions.len() <= MAX_COMPLETIONS);
}

fn facet_values(query: &str) {
    let facets = Facet::ALL.into_iter().filter(|facet| facet.kind() != FacetKind::Range);
    for facet in facets {
        let values = FacetQuery {
            facet,
            words: query.to_owned(),
            level: None,
            offset: 0,
            limit: 20,
        };
        let found = ENGINE.facet_values(&SearchRequest::default(), &values);
        let found = found.expect("values are looked for");
        assert!(found.values.len() as u64 <= found.total);
        found.values.iter().for_each(|value| check(&value.name));
    }
}
