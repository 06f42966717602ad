//! TODO

pub(crate) mod bm25f_scorer;
pub(crate) mod explain;
pub(crate) mod facet_query;
pub(crate) mod maxscore;
pub(crate) mod phrase_postings;
pub(crate) mod postings;
pub(crate) mod proximity;
pub(crate) mod type_boost;
