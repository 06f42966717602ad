//! The tantivy implementation of [`rex_query::SearchBackend`]: a `SearchRequest` in, a `SearchResponse` out.
//!
//! | room | what |
//! |---|---|
//! | `engine`, `open_index` | [`Engine`] implements the trait on the open files of one generation |
//! | `entities` | facet values that a query names: places, amounts, years, codes |
//! | `query` | parser, expansion, interpretation, planner, relaxation; [`Settings`] |
//! | `spellcheck` | completions and corrections of words; the rules on typing errors |
//! | `scoring` | postings, BM25F, MaxScore, proximity, type boost, [`Explanation`] |
//! | `meaning` | the meaning of a query: what it adds to the best hits, the records nearest to it |
//! | `collector` | the pass over the matches, top k, scans |
//! | `facet` | filters, counts, lists of values, search among values and their resolution |
//! | `highlight` | marks, passages, the cache of analyzed hits |
//! | `more_like_this` | similar cases |
//! | `suggest` | completions while typing |
//!
//! The way of a query:
//!
//! ```text
//! text ─┬─ query::parser ─ query::expansion (spellcheck) ─┐
//!       └─ entities::recognizer ──────────────────────────┴─ query::interpretation
//!                                                                    │
//!                          query::planner ─ scoring::scored_query ───┤   query::relaxation tries again
//!                                                                    │   with a wider query
//! filters, condition, facets, sort ─ collector::facet_collector ─────┤
//!                                       │                            │
//!                  top k ─ scoring::rerank               facet::counts ─ facet::listing
//!                                       │                            │
//!                  highlight::hit_cache (record, marks, passages)    │
//!                                       └───────── SearchResponse ───┘
//! ```
//!
//! Nothing of tantivy shows in the response. The crate starts no thread and opens no file: it is given the directory to read from.

mod collector;
mod engine;
mod entities;
mod error;
mod facet;
mod highlight;
mod meaning;
mod more_like_this;
mod open_index;
mod query;
mod scoring;
mod spellcheck;
mod suggest;

pub use engine::Engine;
pub use meaning::near_words::NearWord;
pub use query::ranking_rules::{RankingRule, Settings};
pub use scoring::explain::{Explanation, MatchExplanation, MatchPlace, MatchRule, MeaningExplanation, WordExplanation};
