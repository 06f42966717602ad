//! Finding and scoring documents.
//!
//! ```text
//! WeightedTerm ─ TermPostings / PhrasePostings ─ Bm25fScorer ─ MaxScore (ThresholdScorer) ─ collector ─ rerank (proximity, meaning)
//! ```

pub(crate) mod bm25f_norms;
pub(crate) mod bm25f_scorer;
pub(crate) mod explain;
pub(crate) mod facet_query;
pub(crate) mod maxscore;
pub(crate) mod phrase_postings;
pub(crate) mod postings;
pub(crate) mod proximity;
pub(crate) mod rerank;
pub(crate) mod score_bounds;
pub(crate) mod scored_query;
pub(crate) mod seek;
pub(crate) mod threshold_scorer;
pub(crate) mod type_boost;
pub(crate) mod weighted_term;
