//! The response cache of `/v1/search`. Entries are serialized answers.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rex_api::query_string::Query;
use rex_api::search_json::SearchJson;
use rex_query::SearchRequest;

use crate::telemetry::metrics::SearchOutcome;

/// Estimated overhead of an entry in bytes, besides the answer and the query.
const OVERHEAD: usize = 2 << 10;
/// Estimated size of an answer in bytes, for the initial capacity. The limit is enforced by [`ByteWeighter`].
const TYPICAL_ANSWER: u64 = 16 << 10;

/// Answers of one generation by query string; `None` where disabled.
pub(crate) struct ResponseCache(Option<Cache<Box<str>, Arc<CachedAnswer>, ByteWeighter>>);

/// A cached answer, and what is counted and logged on each hit.
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
        // The query string is stored three times: as the key, in the request and in the parameters.
        (3 * query.len() + answer.json.bytes() + OVERHEAD) as u64
    }
}

impl ResponseCache {
    /// A cache of a size in bytes; disabled where it is 0.
    pub(crate) fn with_capacity(bytes: u64) -> Self {
        let cache = || Cache::with_weighter((bytes / TYPICAL_ANSWER) as usize, bytes, ByteWeighter);
        Self((bytes > 0).then(cache))
    }

    /// The cached answer to a query string.
    pub(crate) fn get(&self, query: &str) -> Option<Arc<CachedAnswer>> {
        self.0.as_ref()?.get(query)
    }

    /// Caches the answer that `make` returns, unless disabled.
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
            near_by_meaning: Vec::new(),
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
