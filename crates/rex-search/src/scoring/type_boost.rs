//! In an index of cases and contracts, a case ranks before the contracts that match as well.
//!
//! BM25 penalises long documents: a case has three hundred words where a contract has ten, so a contract with the same title would
//! always rank higher. A case is boosted for each term it holds. A term that the case lacks and a contract holds boosts nothing.

use rex_corpus::CaseType;
use rex_index::FacetColumns;
use rex_query::Facet;
use tantivy::Score;

use crate::facet::boost::Boost;
use crate::scoring::weighted_term::OTHER_FORM;
use rex_query::Selection;

/// The boost of any case, also for a query without terms.
const ALWAYS: Score = 1.0;
/// By the IDF of each term: about what BM25 takes off a title for the length of the text below it. A case with the terms in its title
/// ranks before such a contract; one that has them once in its text does not.
const BY_WORD: Score = 1.4;
/// The same for a pair of terms near each other, by the lower IDF of the two.
pub(crate) const BY_PAIR: Score = 1.0;

/// The match of one term in a document, as the type boost counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct TermMatch {
    /// IDF of the term.
    pub(crate) idf: f32,
    /// Its weight relative to the word itself; 0 if the document does not hold the term.
    pub(crate) share: f32,
    /// Whether it has positions, so that it can be near others.
    pub(crate) is_placed: bool,
}

impl TermMatch {
    /// The best of several matches.
    pub(crate) fn best<'a>(ways: impl IntoIterator<Item = &'a Self>) -> Self {
        ways.into_iter().fold(Self::default(), Self::or)
    }

    /// The better of two matches.
    pub(crate) fn or(self, other: &Self) -> Self {
        Self {
            idf: self.idf.max(other.idf),
            share: self.share.max(other.share),
            is_placed: self.is_placed || other.is_placed,
        }
    }

    /// The same in a document that has other forms of the word only.
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

/// The share of the boost by length: a case hardly longer than a contract is hardly penalised.
pub(crate) fn length_share(words: u32) -> f32 {
    /// Words of a case that gets the whole boost.
    const FULL: f32 = 100.0;
    (words as f32 / FULL).min(1.0)
}

/// The boost of a case by its matches, in the order of the query. `is_near` says whether the term at an index is near the next one;
/// `share` is [`length_share`].
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

/// Selects the cases of an index; `None` if it has records of one type only.
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
        assert_eq!(boost(words, |_| true, 1.0), 1.0 + BY_WORD * 8.0 + BY_PAIR * 3.0);
        assert_eq!(boost(words, |_| false, 1.0), 1.0 + BY_WORD * 8.0);
        assert_eq!(boost(words, |_| false, 0.5), 1.0 + BY_WORD * 4.0);
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
