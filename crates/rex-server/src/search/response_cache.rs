//! Answers of `/v1/search` that were given last, kept as they were written: the same searches come again and again.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rex_api::query_string::Query;
use rex_api::search_json::SearchJson;
use rex_query::SearchRequest;

use crate::telemetry::metrics::SearchOutcome;

/// What an answer takes besides its own bytes and what was asked.
const OVERHEAD: usize = 2 << 10;
/// What a usual answer takes, in bytes: only to begin with, the room is shared out by [`ByteWeighter`].
const TYPICAL_ANSWER: u64 = 16 << 10;

/// The answers of one generation, by the query of their addresses as it was sent.
pub(crate) struct ResponseCache(Option<Cache<Box<str>, Arc<CachedAnswer>, ByteWeighter>>);

/// An answer, and what is logged and counted each time it is sent.
pub(crate) struct CachedAnswer {
    pub(crate) json: SearchJson,
    /// The parameters of the canonical address.
    pub(crate) query: Query,
    pub(crate) request: SearchRequest,
    pub(crate) outcome: SearchOutcome,
}

#[derive(Clone)]
struct ByteWeighter;

impl Weighter<Box<str>, Arc<CachedAnswer>> for ByteWeighter {
    fn weight(&self, query: &Box<str>, answer: &Arc<CachedAnswer>) -> u64 {
        // The words and values asked for are there as they came, decoded, and as parameters.
        (3 * query.len() + answer.json.bytes() + OVERHEAD) as u64
    }
}

impl ResponseCache {
    /// Room for so many bytes of answers; none are kept where it is 0.
    pub(crate) fn with_capacity(bytes: u64) -> Self {
        let cache = || Cache::with_weighter((bytes / TYPICAL_ANSWER) as usize, bytes, ByteWeighter);
        Self((bytes > 0).then(cache))
    }

    /// The answer to a query.
    pub(crate) fn get(&self, query: &str) -> Option<Arc<CachedAnswer>> {
        self.0.as_ref()?.get(query)
    }

    /// Keeps the answer that `make` gives, where answers are kept.
    pub(crate) fn insert(&self, query: &str, make: impl FnOnce() -> CachedAnswer) {
        if let Some(cache) = &self.0 {
            cache.insert(query.into(), Arc::new(make()));
        }
    }
}

#[cfg(test)]
mod tests {
    use rex_api::search_json::Answer;
    use rex_corpus::CpvLabels;
    use rex_query::{NoHighlights, SearchResponse, Suggestions};

    use super::*;

    fn answer(query: &str) -> CachedAnswer {
        let request = SearchRequest {
            query: query.to_owned(),
            ..SearchRequest::default()
        };
        let response = SearchResponse {
            total: 0,
            generation: String::new(),
            hits: Vec::new(),
            highlighter: Arc::new(NoHighlights),
            facets: Vec::new(),
            suggestions: Suggestions::default(),
        };
        CachedAnswer {
            json: Answer::new(&CpvLabels::none(), &request, &response).json().unwrap(),
            query: Query::default(),
            request: request.clone(),
            outcome: SearchOutcome::default(),
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        const ROOM: u64 = 1 << 20;
        let cache = ResponseCache::with_capacity(ROOM);
        let query = "x".repeat(10_000);
        for number in 0..1_000 {
            cache.insert(&number.to_string(), || answer(&query));
        }
        let kept = cache.0.as_ref().unwrap();
        assert!(kept.weight() <= ROOM && kept.len() > 20, "{}", kept.len());
        assert!((0..1_000).any(|number| cache.get(&number.to_string()).is_some()));
    }

    #[test]
    fn nothing_is_kept_where_there_is_no_room() {
        let cache = ResponseCache::with_capacity(0);
        cache.insert("q=a", || unreachable!("it is not made"));
        assert!(cache.get("q=a").is_none());
    }
}
