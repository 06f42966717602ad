//! Words that show why a record is near in meaning.

use std::collections::BTreeMap;

use rex_analysis::{RecordVector, WordVectors};
use rex_corpus::Record;

use crate::meaning::query_meaning::key;
use crate::more_like_this::interesting_terms::words_of;
use crate::query::interpretation::InterpretedQuery;

/// Words named in a reason.
const NAMED_WORDS: usize = 3;
/// Minimum cosine of two words of which one is said to come near the other.
const MIN_COSINE: f32 = 0.35;

/// A word of a query and the word of a record that comes nearest to it.
#[derive(Debug, Clone, PartialEq)]
pub struct NearWord {
    /// As it was typed.
    pub typed: String,
    /// As the record writes it.
    pub found: String,
    /// Cosine of their vectors.
    pub cosine: f32,
}

/// For each word of a query, the nearest other word of a record, if there is one near enough.
pub(crate) fn near_words(interpreted: &InterpretedQuery, record: &Record) -> Vec<NearWord> {
    let table = WordVectors::shipped();
    let words: BTreeMap<String, String> = words_of(record).collect();
    let near = interpreted.terms.iter().filter_map(|term| {
        let own = key(term);
        let others = words.keys().map(String::as_str).filter(|other| *other != own);
        let (found, cosine) = table.nearest(own, others)?;
        (cosine >= MIN_COSINE).then(|| NearWord {
            typed: term.word.typed.clone(),
            found: words[found].clone(),
            cosine,
        })
    });
    near.collect()
}

/// The words of a record that most make it near to another meaning, as the record writes them; those with the stems `left_out` aside.
pub(crate) fn subject_words(
    record: &Record,
    itself: &RecordVector,
    other: &RecordVector,
    left_out: &[&str],
) -> Vec<String> {
    let table = WordVectors::shipped();
    let words = words_of(record).filter(|(stem, _)| !left_out.contains(&stem.as_str()));
    let near = words.filter_map(|(stem, spelled)| {
        let affinity = table.affinity(&stem, itself)?.min(table.affinity(&stem, other)?);
        (affinity > 0.0).then_some((affinity, spelled))
    });
    let mut near: Vec<(f32, String)> = near.collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    near.truncate(NAMED_WORDS);
    near.into_iter().map(|(_, spelled)| spelled).collect()
}
