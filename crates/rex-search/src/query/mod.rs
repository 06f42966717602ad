//! From what was typed to the query tree: parser, expansion, planner, and relaxation where nothing is found.

pub(crate) mod expanded_term;
pub(crate) mod expansion;
pub(crate) mod interpretation;
pub(crate) mod parser;
pub(crate) mod planner;
pub(crate) mod ranking_rules;
pub(crate) mod relaxation;
pub(crate) mod term_stats;
pub(crate) mod word_joins;
