//! Answers of `/v1/search` that were given last, kept as they were written: the same searches come again and again.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rex_search::{SearchRequest, SearchResponse};

use crate::metrics::Outcome;
use crate::query::Query;

/// What an answer takes besides its own bytes and what was asked.
const OVERHEAD: usize = 2 << 10;
/// What a usual answer takes, in bytes: only to begin with, the room is shared out by [`Size`].
const USUAL: u64 = 16 << 10;

/// The answers of one generation, by the query of their addresses as it was sent.
pub(crate) struct KeptAnswers(Option<Cache<Box<str>, Arc<KeptAnswer>, Size>>);

/// An answer, and what is said elsewhere each time it is given.
pub(crate) struct KeptAnswer {
    /// The JSON up to the milliseconds that the search took, and from there on.
    before: Box<[u8]>,
    after: Box<[u8]>,
    /// The parameters of the canonical address.
    pub(crate) query: Query,
    pub(crate) request: SearchRequest,
    pub(crate) outcome: Outcome,
}

#[derive(Clone)]
struct Size;

impl Weighter<Box<str>, Arc<KeptAnswer>> for Size {
    fn weight(&self, query: &Box<str>, answer: &Arc<KeptAnswer>) -> u64 {
        // The words and values asked for are there as they came, decoded, and as parameters.
        (3 * query.len() + answer.before.len() + answer.after.len() + OVERHEAD) as u64
    }
}

impl KeptAnswers {
    /// Room for so many bytes of answers; none are kept where it is 0.
    pub(crate) fn within(bytes: u64) -> Self {
        let cache = || Cache::with_weighter((bytes / USUAL) as usize, bytes, Size);
        Self((bytes > 0).then(cache))
    }

    /// The answer to a query.
    pub(crate) fn get(&self, query: &str) -> Option<Arc<KeptAnswer>> {
        self.0.as_ref()?.get(query)
    }

    /// Keeps the answer that `make` gives, if any are kept and it gives one.
    pub(crate) fn keep(&self, query: &str, make: impl FnOnce() -> Option<KeptAnswer>) {
        if let Some(cache) = &self.0
            && let Some(answer) = make()
        {
            cache.insert(query.into(), Arc::new(answer));
        }
    }
}

impl KeptAnswer {
    /// An answer as it was written; none where it does not say how long the search took.
    pub(crate) fn new(body: &[u8], query: Query, request: &SearchRequest, response: &SearchResponse) -> Option<Self> {
        let (before, after) = around_took(body)?;
        Some(Self {
            before: before.into(),
            after: after.into(),
            query,
            request: request.clone(),
            outcome: Outcome::of(response),
        })
    }

    /// The JSON of an answer that took so many milliseconds.
    pub(crate) fn taking(&self, milliseconds: f64) -> Vec<u8> {
        let took = serde_json::Value::from(milliseconds).to_string();
        [&*self.before, took.as_bytes(), &*self.after].concat()
    }
}

/// The JSON of an answer up to the milliseconds that the search took, and what follows them.
///
/// What was typed stands before, but no quote within it: there a quote is `\"`.
fn around_took(body: &[u8]) -> Option<(&[u8], &[u8])> {
    const NAME: &[u8] = b"\"took_ms\":";
    let start = NAME.len() + body.windows(NAME.len()).position(|bytes| bytes == NAME)?;
    let (before, rest) = body.split_at_checked(start)?;
    let length = rest.iter().position(|byte| *byte == b',')?;
    Some((before, &rest[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Option<KeptAnswer> {
        let (before, after) = around_took(body.as_bytes())?;
        Some(KeptAnswer {
            before: before.into(),
            after: after.into(),
            query: Query::default(),
            request: SearchRequest::default(),
            outcome: Outcome::default(),
        })
    }

    #[test]
    fn it_says_how_long_this_one_took_whatever_was_typed() {
        let typed = serde_json::to_string(r#"{"took_ms":7,"#).unwrap();
        let of = |took: &str| format!(r#"{{"query":{{"q":{typed}}},"took_ms":{took},"hits":["took_ms"]}}"#);
        assert_eq!(answer(&of("0.25")).unwrap().taking(1234.5), of("1234.5").into_bytes());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        const ROOM: u64 = 1 << 20;
        let kept = KeptAnswers::within(ROOM);
        let body = format!(r#"{{"took_ms":1,"x":"{}"}}"#, "x".repeat(10_000));
        for number in 0..1_000 {
            kept.keep(&number.to_string(), || answer(&body));
        }
        let cache = kept.0.as_ref().unwrap();
        assert!(cache.weight() <= ROOM && cache.len() > 20, "{}", cache.len());
        assert!((0..1_000).any(|number| kept.get(&number.to_string()).is_some()));
    }

    #[test]
    fn nothing_is_kept_where_there_is_no_room() {
        let kept = KeptAnswers::within(0);
        kept.keep("q=a", || unreachable!("it is not made"));
        assert!(kept.get("q=a").is_none());
    }
}
