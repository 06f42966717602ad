//! Checks of hits, their order, and what is asked of single cases.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Conformance, oracle};
use crate::deadline::Deadline;
use crate::error::SearchError;
use crate::facet::{Facet, FacetKind};
use crate::facet_values::FacetQuery;
use crate::marked::Marked;
use crate::request::{MAX_DEPTH, SearchRequest, Sort};
use crate::response::{Hit, SearchResponse};

/// An id and a value that no record may have.
const ABSENT: &str = "absent of every record";

impl Conformance<'_> {
    /// Checks an answer as a whole: its total, its hits, its counts, its marks, and the scan of the same request.
    ///
    /// # Panics
    /// See [`crate::conformance`].
    pub fn check(&self, request: &SearchRequest) {
        let response = self.search(request);
        assert!(!response.suggestions.relaxed, "one word is never relaxed");
        assert_eq!(response.generation, self.backend.info().generation);
        let expected = oracle::matching(self.records, request, None);
        assert_eq!(response.total, expected.len() as u64, "{request:?}");
        // No hit is past the depth, however many match.
        let reachable = expected.len().min(MAX_DEPTH).saturating_sub(request.offset);
        assert_eq!(response.hits.len(), reachable.min(request.limit), "{request:?}");
        self.check_scan(request, &response);
        for hit in &response.hits {
            check_marks_of(hit, &request.query);
        }
        self.check_facets(request, &response);
    }

    /// A scan has every match, each once, and the pages of a search are parts of it.
    fn check_scan(&self, request: &SearchRequest, response: &SearchResponse) {
        let scan = self.backend.scan(request, 0..usize::MAX).expect("a scan");
        let scanned = scan.records(0..usize::MAX).expect("the records of a scan");
        assert_eq!((scan.len(), scan.is_empty()), (scanned.len(), scanned.is_empty()));
        let expected = oracle::matching(self.records, request, None);
        let expected: BTreeSet<_> = expected.iter().map(|record| &record.id).collect();
        let ids: BTreeSet<_> = scanned.iter().map(|record| &record.id).collect();
        assert_eq!(scanned.len(), ids.len(), "a case twice in a scan");
        assert_eq!(ids, expected, "{request:?}");
        let page: Vec<_> = scanned.iter().skip(request.offset).take(response.hits.len()).collect();
        let hits: Vec<_> = response.hits.iter().map(|hit| &*hit.record).collect();
        assert_eq!(hits, page, "{request:?}");
        let end = request.offset.saturating_add(request.limit);
        let part = self.backend.scan(request, request.offset..end).expect("a scan");
        let part = part.records(0..usize::MAX).expect("the records of a scan");
        let expected: Vec<_> = scanned.iter().skip(request.offset).take(request.limit).collect();
        assert_eq!(part.iter().collect::<Vec<_>>(), expected, "{request:?}");
    }

    /// Checks that the pages of a request, from the first on, have every match once and are in order.
    ///
    /// # Panics
    /// See [`crate::conformance`].
    pub fn check_pages(&self, request: &SearchRequest) {
        assert!(request.limit > 0, "pages without hits never end");
        let mut all = Vec::new();
        for page in 1.. {
            let hits = self.search(&request.at_page(page)).hits;
            if hits.is_empty() {
                break;
            }
            all.extend(hits);
        }
        let ids: BTreeSet<_> = all.iter().map(|hit| &hit.record.id).collect();
        assert_eq!(ids.len(), all.len(), "a case on two pages");
        let expected = oracle::matching(self.records, request, None).len().min(MAX_DEPTH);
        assert_eq!(all.len(), expected, "{request:?}");
        let is_sorted = if request.sort == Sort::Relevance {
            all.is_sorted_by(|a, b| a.score > b.score || a.score == b.score && a.record.id < b.record.id)
        } else {
            all.is_sorted_by_key(|hit| (oracle::sort_key(&hit.record, request.sort), hit.record.id.clone()))
        };
        assert!(is_sorted, "{request:?}");
    }

    /// Checks how deep and how far a request may reach: nothing past [`MAX_DEPTH`], no overflow, and no hits where none is asked for.
    ///
    /// # Panics
    /// See [`crate::conformance`].
    pub fn check_limits(&self, request: &SearchRequest) {
        for (offset, limit) in [
            (0, 0),
            (0, usize::MAX),
            (MAX_DEPTH - 1, 2),
            (MAX_DEPTH, 1),
            (usize::MAX, usize::MAX),
        ] {
            self.check(&SearchRequest {
                offset,
                limit,
                ..request.clone()
            });
        }
    }

    /// Checks what is asked of single cases and values, and the number of cases.
    ///
    /// # Panics
    /// See [`crate::conformance`].
    pub fn check_lookups(&self) {
        const SIMILAR: usize = 3;
        let backend = self.backend;
        assert_eq!(backend.info().cases, self.records.len() as u64);
        for record in self.records {
            assert_eq!(backend.case(&record.id).expect("a case").as_ref(), Some(record));
            let similar = backend.similar(&record.id, SIMILAR).expect("similar cases");
            let similar = similar.expect("similar cases of a case that is there");
            assert!(similar.len() <= SIMILAR && similar.iter().all(|other| other.record.id != record.id));
            for facet in Facet::ALL {
                let values = facet.values(record);
                let absent = values.iter().find(|value| !backend.has_value(facet, value));
                assert_eq!(absent, None, "{facet:?}");
            }
        }
        assert_eq!(backend.case(ABSENT).expect("no case"), None);
        assert_eq!(backend.similar(ABSENT, SIMILAR).expect("no case"), None);
        for facet in Facet::ALL {
            assert!(!backend.has_value(facet, ABSENT), "{facet:?}");
        }
    }

    /// Checks that any text keeps its bytes when the words of a query are marked in it, and that the marks are valid.
    ///
    /// # Panics
    /// See [`crate::conformance`].
    pub fn check_highlighter(&self, query: &str, text: &str) {
        let request = SearchRequest {
            query: query.to_owned(),
            ..SearchRequest::default()
        };
        let alone = self.backend.highlighter(query).expect("a highlighter");
        for highlighter in [alone, self.search(&request).highlighter] {
            let marked = highlighter.highlight(text);
            assert_eq!(marked.text, text);
            check_marks(&marked);
        }
    }

    /// Checks that a request without any time left is stopped, by whichever method it comes.
    ///
    /// # Panics
    /// See [`crate::conformance`].
    pub fn check_deadline(&self, request: &SearchRequest) {
        let request = SearchRequest {
            deadline: Deadline::within(Duration::ZERO),
            ..request.clone()
        };
        let is_stopped = |error: Option<SearchError>| matches!(error, Some(SearchError::TimedOut));
        assert!(is_stopped(self.backend.search(&request).err()), "{request:?}");
        assert!(is_stopped(self.backend.scan(&request, 0..10).err()), "{request:?}");
        for facet in Facet::ALL.into_iter().filter(|facet| facet.kind() != FacetKind::Range) {
            let query = FacetQuery {
                facet,
                words: "ville".to_owned(),
                level: None,
                offset: 0,
                limit: 10,
            };
            let values = self.backend.facet_values(&request, &query);
            assert!(is_stopped(values.err()), "{facet:?} {request:?}");
        }
    }

    pub(super) fn search(&self, request: &SearchRequest) -> SearchResponse {
        self.backend.search(request).expect("an answer")
    }
}

/// The texts of a hit are those of its record, and the word of the query is marked in the title.
fn check_marks_of(hit: &Hit, query: &str) {
    let (record, highlights) = (&hit.record, &hit.highlights);
    let buyer = record.acheteur.as_ref().map(|party| &party.nom);
    assert_eq!(highlights.title.text, record.titre);
    assert_eq!(highlights.buyer.as_ref().map(|marked| &marked.text), buyer);
    let holders = highlights.holders.iter().map(|marked| &marked.text);
    assert!(holders.eq(record.titulaires.iter().map(|party| &party.nom)));
    let short = [&highlights.title].into_iter().chain(&highlights.buyer);
    let passages = hit.snippets.iter().map(|snippet| &snippet.passage);
    short.chain(&highlights.holders).chain(passages).for_each(check_marks);
    for word in query.split_whitespace() {
        let is_marked = highlights.title.parts().any(|part| part == (word, true));
        assert!(is_marked, "{word} in {:?}", highlights.title);
    }
}

/// Marks are not empty, in order and apart, and end between characters.
pub(super) fn check_marks(marked: &Marked) {
    let mut end = 0;
    for mark in &marked.marks {
        assert!(mark.start >= end && mark.start < mark.end, "{marked:?}");
        assert!(marked.text.get(mark.clone()).is_some(), "{marked:?}");
        end = mark.end;
    }
}
