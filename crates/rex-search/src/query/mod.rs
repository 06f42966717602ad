//! From the text of a query to a [`crate::scoring::scored_query::ScoredQuery`].
//!
//! ```text
//! text ─ parser ─ words ─ expansion ─ ExpandedTerm ─ interpretation ─ planner ─ ScoredQuery
//!                                                         └─ relaxation, where too little is found
//! ```

pub(crate) mod expanded_term;
pub(crate) mod expansion;
pub(crate) mod interpretation;
pub(crate) mod parser;
pub(crate) mod planner;
pub(crate) mod ranking_rules;
pub(crate) mod relaxation;
pub(crate) mod term_stats;
pub(crate) mod word_joins;
