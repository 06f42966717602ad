//! Where an index holds both cases and contracts, a case comes before the contracts that match as well.
//!
//! BM25 takes off for the length of a text, and a case tells in three hundred words what a contract says in ten: left alone, a
//! contract of the same title would always rank above. So a case is raised word by word, by those it holds: a word that it lacks, and a
//! contract holds, raises nothing.

use rex_corpus::CaseType;
use rex_index::FacetColumns;
use rex_query::Facet;
use tantivy::Score;

use crate::facet::boost::Boost;
use crate::scoring::weighted_term::OTHER_FORM;
use rex_query::Selection;

/// What a case is raised by for holding anything, and where the query has no word.
const ALWAYS: Score = 1.0;
/// About what BM25 takes off a title for the length of the text below it, by the weight of each of its words: a case that says them
/// in its title comes before a contract that does, and a case that says them once in its text does not.
const BY_WORD: Score = 2.0;
/// The same for words near each other, by the weight of the less telling of the two.
pub(crate) const BY_PAIR: Score = 1.8;

/// What a document holds of a word of the query.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct TermMatch {
    /// IDF of the word.
    pub(crate) idf: f32,
    /// What it counts, where the word itself counts 1; 0 where the document does not hold it.
    pub(crate) share: f32,
    /// Whether its places are known.
    pub(crate) is_placed: bool,
}

impl TermMatch {
    /// What counts of several ways to hold a word.
    pub(crate) fn best<'a>(ways: impl IntoIterator<Item = &'a Self>) -> Self {
        ways.into_iter().fold(Self::default(), Self::or)
    }

    /// The better of two ways to hold a word.
    pub(crate) fn or(self, other: &Self) -> Self {
        Self {
            idf: self.idf.max(other.idf),
            share: self.share.max(other.share),
            is_placed: self.is_placed || other.is_placed,
        }
    }

    /// The same of a document that writes the word in other forms only.
    pub(crate) fn in_other_form(self) -> Self {
        Self {
            share: self.share * OTHER_FORM,
            ..self
        }
    }

    fn idf_if_placed(self) -> f32 {
        if self.is_placed { self.idf } else { 0.0 }
    }
}

/// What part of the raise a case of so many words gets: one that is hardly longer than a contract loses hardly anything by its length.
pub(crate) fn length_share(words: u32) -> f32 {
    /// Words from which a case is told in full.
    const FULL: f32 = 100.0;
    (words as f32 / FULL).min(1.0)
}

/// What a case is raised by, by what it holds of the words of the query in their order; `is_near` tells whether it holds a word, by rank,
/// near the next one, and `share` is that of its length.
pub(crate) fn boost(held: impl IntoIterator<Item = TermMatch>, is_near: impl Fn(usize) -> bool, share: f32) -> Score {
    let (mut boost, mut before) = (0.0, TermMatch::default());
    for (rank, word) in held.into_iter().enumerate() {
        boost += BY_WORD * word.idf * word.share;
        if rank > 0 && is_near(rank - 1) {
            boost += BY_PAIR * before.idf_if_placed().min(word.idf_if_placed());
        }
        before = word;
    }
    ALWAYS + share * boost
}

/// The boost of a record where the query has no term.
pub(crate) const fn without_words(is_case: bool) -> Score {
    if is_case { ALWAYS } else { 0.0 }
}

/// What tells the cases of an index; none where it holds records of one type only.
pub(crate) fn cases(facets: &FacetColumns) -> Option<Boost> {
    let is_mixed = facets.table(Facet::Type).values() > 1;
    is_mixed.then(|| Boost {
        facet: Facet::Type,
        selections: vec![Selection::Value(CaseType::Case.label().to_owned())],
        by: ALWAYS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(idf: f32, share: f32) -> TermMatch {
        TermMatch {
            idf,
            share,
            is_placed: share > 0.0,
        }
    }

    #[test]
    fn a_word_that_a_case_lacks_raises_nothing() {
        let words = [held(3.0, 1.0), held(5.0, 1.0)];
        let with_another = [held(3.0, 1.0), held(5.0, 1.0), TermMatch::default()];
        assert_eq!(boost(words, |_| true, 1.0), boost(with_another, |_| true, 1.0));
        assert_eq!(boost(words, |_| true, 1.0), 1.0 + 2.0 * 8.0 + 1.8 * 3.0);
        assert_eq!(boost(words, |_| false, 1.0), 1.0 + 2.0 * 8.0);
        assert_eq!(boost(words, |_| false, 0.5), 1.0 + 8.0);
        assert_eq!(boost([], |_| true, 1.0), 1.0);
        assert_eq!(
            (length_share(20), length_share(100), length_share(900)),
            (0.2, 1.0, 1.0)
        );
    }

    #[test]
    fn the_best_way_to_hold_a_word_counts() {
        let ways = [held(3.0, 0.5), held(3.0, 1.0)];
        assert_eq!(TermMatch::best(&ways), held(3.0, 1.0));
        assert_eq!(TermMatch::best([]), TermMatch::default());
    }
}
