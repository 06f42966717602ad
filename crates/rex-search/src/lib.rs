//! The read side: a [`SearchRequest`] in, a [`SearchResponse`] out.
//!
//! ```text
//! what was typed ─ parse ─ words, phrases, exclusions ─ plan ─ query tree
//!                                                                 │
//! filters, facets, sort ───────────────── collect: one pass over the matches
//!                                                                 │
//!                              hits (highlight, snippet) and facet counts ─ SearchResponse
//! ```
//!
//! Nothing of the engine underneath shows in the request and the response. The read side starts no thread and opens no
//! file: it is given the directory to read from.

mod collector;
mod engine;
mod entities;
mod error;
mod facet;
mod highlight;
mod more_like_this;
mod open_index;
mod query;
mod scoring;
mod spellcheck;
mod suggest;

pub use engine::Engine;
pub use query::ranking_rules::{RankingRule, Settings};
pub use scoring::explain::{Explanation, MatchExplanation, MatchPlace, MatchRule, WordExplanation};
