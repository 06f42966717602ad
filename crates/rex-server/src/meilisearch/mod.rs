//! The part of the HTTP API of Meilisearch that reads, so that InstantSearch front ends and the Meilisearch SDKs search Rex by
//! changing a URL.
//!
//! A request becomes the same [`rex_query::SearchRequest`] as any other, its filter a [`rex_query::Condition`]; an answer is
//! put in the shape that Meilisearch gives it. What Rex does not do is refused in its own error shape, never left out silently.
//!
//! ```text
//! payload, fields ─ query (projection, filter: token, number, attribute) ─ SearchRequest
//!                                                                          │
//! answer ─ document, formatted (crop), distribution ──────────── SearchResponse
//! ```
//!
//! Headers that say who asks (`Authorization`, `X-Meilisearch-Client`) are not looked at: all that can be read is public.
//!
//! Where Rex differs from Meilisearch:
//!
//! - Totals are exact. One answer has at most 1,000 hits, among the first 10,000; a larger `limit` or `hitsPerPage` is answered as
//!   1,000 and said to be so. Several searches in one request are at most 50, and ask for at most 1,000 hits together.
//! - A filter compares the values of closed lists, accents and capitals aside, and all others as they are written. A case has a
//!   value or has none: `IS NULL`, `IS EMPTY` and `NOT EXISTS` are one. Amounts are compared to the cent.
//! - A filter has at most 10,000 characters, 500 values and 100 parentheses and negations within each other.
//! - Distributions list the most frequent values, not the first of the alphabet, and numbers from the least up.
//! - Hits come in one order: `sort` takes one criterion.
//! - `_formatted` is escaped, see [`formatted`]; `id` and addresses in it are never marked.
//! - `resume`, the text of a case, ends after 32 KiB.
//! - `_rankingScore` is that of Rex, and is left out where hits are in another order.
//! - AttributeSet that no document has may stand in `attributesToRetrieve`, `attributesToHighlight` and `attributesToCrop`, as in
//!   Meilisearch; in `filter`, `facets`, `sort` and among the parameters they are refused.

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
