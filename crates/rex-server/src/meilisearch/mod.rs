//! The read part of the HTTP API of Meilisearch: InstantSearch front ends and Meilisearch SDKs search Rex after a change of
//! URL.
//!
//! A request is parsed into a [`rex_query::SearchRequest`], its filter into a [`rex_query::Condition`]; the response is
//! written in the format of Meilisearch. Unsupported features are rejected with a Meilisearch error, never ignored silently.
//!
//! ```text
//! router ─ search, multi_search, facet_search, indexes, version
//! payload, fields ─ query (projection, filter: lexer, number, attribute) ─ SearchRequest
//!                                                                               │
//! answer ─ document, formatted (crop), facet_distribution ─────────────── SearchResponse
//! ```
//!
//! `Authorization` and `X-Meilisearch-Client` headers are ignored: all data is public.
//!
//! Differences from Meilisearch:
//!
//! - Totals are exact. An answer has at most 1,000 hits, among the first 10,000; a larger `limit` or `hitsPerPage` is clamped
//!   to 1,000, and the answer shows the clamped value. A `/multi-search` has at most 50 queries and 1,000 hits in total.
//! - Filters match the labels of closed lists regardless of case and accents, and other values exactly. `IS NULL`, `IS EMPTY`
//!   and `NOT EXISTS` are equivalent. Amounts are compared to the cent.
//! - A filter has at most 10,000 characters, 500 values and 100 levels of nesting.
//! - Distributions list the most frequent values instead of the alphabetically first, and numbers in ascending order.
//! - `sort` takes one criterion.
//! - `_formatted` is escaped, see [`formatted`]; `id` and addresses in it are never highlighted.
//! - `resume`, the text of a case, is truncated at 32 KiB.
//! - `_rankingScore` is that of Rex, and is left out where hits are not sorted by relevance.
//! - Unknown attributes are accepted in `attributesToRetrieve`, `attributesToHighlight` and `attributesToCrop`, as in
//!   Meilisearch; in `filter`, `facets`, `sort` and as parameters they are rejected.

mod answer;
mod attribute;
mod crop;
mod document;
mod error;
mod facet_distribution;
mod facet_search;
mod fields;
mod filter;
mod formatted;
mod index_uid;
mod indexes;
mod json;
mod lexer;
mod multi_search;
mod number;
mod payload;
mod projection;
mod query;
mod router;
mod search;
mod version;

pub(crate) use router::router;
