//! The meaning of a query.

use rex_analysis::{RecordVector, TextVector, WordVectors};
use rex_index::schema::fields::is_number;
use tantivy::Score;

use crate::query::expanded_term::{ExpandedTerm, ExpansionRule};
use crate::query::interpretation::InterpretedQuery;

/// Score of a record whose title and text mean what the query means, if the table knows all its words.
const WEIGHT: Score = 13.0;
/// Digits of the shortest code. A query with a code asks for records that have it, whatever they mean.
const CODE_DIGITS: usize = 5;

/// The vector of the words of a query, stop words and named values left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueryMeaning(TextVector);

impl QueryMeaning {
    /// `None` if the table has none of the words.
    pub(crate) fn of(interpreted: &InterpretedQuery) -> Option<Self> {
        let words = interpreted.terms.iter().filter(|term| term.word.value.is_none());
        WordVectors::shipped().text(words.map(key)).map(Self)
    }

    /// The same where it may rank hits: a single word, a phrase and a code are looked for as they are.
    pub(crate) fn for_ranking(interpreted: &InterpretedQuery) -> Option<Self> {
        let is_code = |term: &ExpandedTerm| {
            let typed = &term.word.typed;
            is_number(typed) && typed.len() >= CODE_DIGITS
        };
        let is_literal = interpreted.terms.len() < 2
            || interpreted.is_only_values()
            || !interpreted.query.phrases.is_empty()
            || interpreted.terms.iter().any(is_code);
        if is_literal { None } else { Self::of(interpreted) }
    }

    /// How near a record is, at most 1.
    pub(crate) fn similarity(&self, record: &RecordVector) -> f32 {
        record.similarity(&self.0)
    }

    /// What this similarity adds to the score. A word that the table does not know lowers it: a name hardly has a meaning.
    pub(crate) fn score(&self, similarity: f32) -> Score {
        WEIGHT * self.0.coverage() * similarity.max(0.0)
    }

    /// Share of the weight of the words that the table knows.
    pub(crate) fn coverage(&self) -> f32 {
        self.0.coverage()
    }

    /// The same as the vector of a record.
    pub(crate) fn as_record(&self) -> Option<RecordVector> {
        RecordVector::of(Some(&self.0), None)
    }
}

/// The key of a word in the table of vectors: that of its correction where no record holds the word.
pub(crate) fn key(term: &ExpandedTerm) -> &str {
    let mut corrections = term
        .expansions
        .iter()
        .filter(|expansion| expansion.rule == ExpansionRule::Correction);
    let corrected = corrections.next().filter(|_| !term.is_held);
    let corrected = corrected.and_then(|correction| correction.sequence.first().map(|(_, form)| form));
    let form = corrected.or(term.word.forms.first());
    form.map_or("", |form| form.stem.as_str())
}
