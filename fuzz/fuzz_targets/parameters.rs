//! The query string of a URL: parsed to a request, written back, and parsed to the same request.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use rex_api::{Problem, Query, UnknownParameters};
use rex_query::SearchRequest;

/// Maximum length of an error message; it quotes only a part of a parameter.
const MAX_MESSAGE: usize = 2_000;

fuzz_target!(|raw: &str| -> Corpus {
    let read = read(raw, UnknownParameters::Refuse);
    let lenient = self::read(raw, UnknownParameters::Ignore);
    for problem in [&read, &lenient].into_iter().filter_map(|read| read.as_ref().err()) {
        assert!(problem.to_string().chars().count() <= MAX_MESSAGE, "{problem}");
    }
    let Ok(request) = read else {
        return Corpus::Keep;
    };
    // Pages count all facets, and ignore empty parameters.
    let as_on_pages = |request: &SearchRequest| {
        in_order(&SearchRequest {
            facets: SearchRequest::default().facets,
            ..request.clone()
        })
    };
    let lenient = lenient.as_ref().ok().map(as_on_pages);
    assert_eq!(lenient, Some(as_on_pages(&request)), "nothing was unknown");
    let address = Query::of(&request).encode();
    let again = self::read(&address, UnknownParameters::Refuse);
    let again = again.unwrap_or_else(|problem| panic!("{address}: {problem}"));
    assert_eq!(in_order(&again), in_order(&request), "{address}");
    assert_eq!(Query::of(&again).encode(), address, "a search has one address");
    Corpus::Keep
});

fn read(raw: &str, unknown: UnknownParameters) -> Result<SearchRequest, Problem> {
    Query::decode(raw)?.request(unknown)
}

/// A request in canonical form, with the same hits: spaces and lists as in a URL.
fn in_order(request: &SearchRequest) -> (SearchRequest, Vec<String>) {
    let mut facets = request.facets.clone();
    facets.sort();
    let words: Vec<&str> = request.query.split_whitespace().collect();
    let mut filters: Vec<String> = request
        .filters
        .iter()
        .flat_map(|(facet, selections)| {
            selections
                .iter()
                .map(move |selection| format!("{facet:?} {selection:?}"))
        })
        .collect();
    filters.sort();
    let request = SearchRequest {
        query: words.join(" "),
        filters: rex_query::Filters::default(),
        facets,
        ..request.clone()
    };
    (request, filters)
}
