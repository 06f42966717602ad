//! MaxScore: documents that hold all or any of some terms, without scoring those that cannot reach a threshold.
//!
//! The upper bound of what a term adds to a score is known when a segment is opened, and gets tighter with the frequency of the term in
//! a document and the length of the document. A document whose bounds stay below the threshold is not scored. Where any term will do,
//! documents that hold only terms too common to reach the threshold are skipped (Turtle & Flood, « Query evaluation: strategies and
//! optimizations », Information Processing & Management 1995: MaxScore).

use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, TERMINATED};

use crate::scoring::bm25f_scorer::Bm25fScorer;
use crate::scoring::threshold_scorer::{DocScore, ThresholdScorer};
use crate::scoring::type_boost::{self, TermMatch};

/// Whether a sum with this upper bound stays below the threshold, however it is rounded.
pub(crate) fn stays_below(max_score: Score, threshold: Score) -> bool {
    /// Summing the same few numbers in another order changes the result by less than this factor.
    const SLACK: Score = 1.000_1;
    max_score * SLACK < threshold
}

/// A term of the query in a segment.
pub(crate) struct SegmentTerm {
    scorer: Bm25fScorer,
    is_required: bool,
    /// Whether a partial match may lack it.
    is_word: bool,
    /// Upper bound of its score in any document.
    max_score: Score,
    /// Its score in the current document, or an upper bound of it.
    score: Score,
}

impl SegmentTerm {
    pub(crate) fn new(mut scorer: Bm25fScorer, is_required: bool, is_word: bool) -> Self {
        Self {
            max_score: scorer.max_score(),
            is_required,
            is_word,
            score: 0.0,
            scorer,
        }
    }

    /// Whether the document holds the term.
    fn is_in(&mut self, document: DocId) -> bool {
        self.scorer.doc() == document || self.scorer.seek(document) == document
    }
}

/// The sum of the scores of the terms in a document, or `None` where it stays below the threshold.
///
/// The terms are looked at in the order of `by`, with tighter bounds from pass to pass. The sum is in the order of the query, so that
/// it does not depend on `by`.
fn sum_at_least(terms: &mut [SegmentTerm], by: &[usize], document: DocId, threshold: Score) -> Option<Score> {
    if let [term] = terms {
        return single_at_least(&mut term.scorer, threshold);
    }
    terms.iter_mut().for_each(|term| term.score = term.max_score);
    let mut max_score: Score = terms.iter().map(|term| term.score).sum();
    let may_reach = tighten(terms, by, threshold, &mut max_score, |term| {
        match term.is_in(document) {
            true => term.scorer.max_score_by_length(),
            false => 0.0,
        }
    });
    (may_reach && tighten_held(terms, by, document, threshold, max_score))
        .then(|| terms.iter().map(|term| term.score).sum())
}

/// The same for a document that lacks a required word and holds the other required terms; `None` for any other document.
///
/// As long as no word is known to be lacking, the least that one can add is left out of the upper bound.
fn partial_sum_at_least(terms: &mut [SegmentTerm], by: &[usize], document: DocId, threshold: Score) -> Option<Score> {
    terms.iter_mut().for_each(|term| term.score = term.max_score);
    let mut max_score: Score = terms.iter().map(|term| term.score).sum();
    let words = terms.iter().filter(|term| term.is_required && term.is_word);
    let mut least_lacking = words.map(|term| term.max_score).fold(Score::INFINITY, Score::min);
    let mut is_lacking = false;
    for index in by {
        let term = &mut terms[*index];
        max_score -= term.score;
        term.score = 0.0;
        if term.is_in(document) {
            term.score = term.scorer.max_score_by_length();
        } else if term.is_required {
            if !term.is_word {
                return None;
            }
            (is_lacking, least_lacking) = (true, 0.0);
        }
        max_score += term.score;
        if stays_below(max_score - least_lacking, threshold) {
            return None;
        }
    }
    (is_lacking && tighten_held(terms, by, document, threshold, max_score))
        .then(|| terms.iter().map(|term| term.score).sum())
}

/// Replaces the bounds of the terms that a document holds by tighter ones, then by their scores; returns whether their sum reaches the
/// threshold.
fn tighten_held(
    terms: &mut [SegmentTerm],
    by: &[usize],
    document: DocId,
    threshold: Score,
    mut max_score: Score,
) -> bool {
    tighten(terms, by, threshold, &mut max_score, |term| {
        match term.scorer.doc() == document {
            true => term.scorer.max_score_by_lengths(),
            false => 0.0,
        }
    }) && tighten(terms, by, threshold, &mut max_score, |term| {
        match term.scorer.doc() == document {
            true => term.scorer.score(),
            false => 0.0,
        }
    })
}

/// The same for one term, in its current document. A common term has hundreds of thousands of matches.
fn single_at_least(term: &mut Bm25fScorer, threshold: Score) -> Option<Score> {
    if stays_below(term.max_score_by_length(), threshold) || stays_below(term.max_score_by_lengths(), threshold) {
        return None;
    }
    let score = term.score();
    (!stays_below(score, threshold)).then_some(score)
}

/// Replaces the bound of each term by that of `bound`, as long as their sum may reach the threshold; returns whether it may.
#[inline]
fn tighten(
    terms: &mut [SegmentTerm],
    by: &[usize],
    threshold: Score,
    max_score: &mut Score,
    mut bound: impl FnMut(&mut SegmentTerm) -> Score,
) -> bool {
    for index in by {
        let term = &mut terms[*index];
        *max_score -= term.score;
        term.score = bound(term);
        *max_score += term.score;
        if stays_below(*max_score, threshold) {
            return false;
        }
    }
    true
}

/// The boost of a case for the terms it holds, as if they were all near each other.
fn type_boost(terms: &mut [SegmentTerm], document: DocId) -> Score {
    let matches = terms.iter_mut().map(|term| match term.is_in(document) {
        true => term.scorer.term_match(),
        false => TermMatch::default(),
    });
    let matches: Vec<_> = matches.collect();
    let words = terms.first().map_or(0, |term| term.scorer.length_of(document));
    type_boost::boost(matches, |_| true, type_boost::length_share(words))
}

/// The same for a case that holds all terms in the best way.
fn max_type_boost(terms: &[SegmentTerm]) -> Score {
    type_boost::boost(terms.iter().map(|term| term.scorer.best_term_match()), |_| true, 1.0)
}

/// The documents that hold all required terms, scored by those and the others.
pub(crate) struct AllTermsScorer {
    /// In the order of the query.
    terms: Vec<SegmentTerm>,
    /// Their indexes: first the required ones, then the others, each the rarest first.
    by_cost: Vec<usize>,
    /// How many are required, at least one.
    required: usize,
    max_type_boost: Score,
}

impl AllTermsScorer {
    /// At least one term is required.
    pub(crate) fn new(terms: Vec<SegmentTerm>) -> Self {
        let mut by_cost: Vec<_> = (0..terms.len()).collect();
        by_cost.sort_by_key(|index| (!terms[*index].is_required, terms[*index].scorer.cost()));
        let mut scorer = Self {
            max_type_boost: max_type_boost(&terms),
            required: terms.iter().filter(|term| term.is_required).count(),
            by_cost,
            terms,
        };
        scorer.align(0);
        scorer
    }

    /// The rarest of the required terms.
    fn leader(&mut self) -> &mut Bm25fScorer {
        &mut self.terms[self.by_cost[0]].scorer
    }

    /// Moves to the first document from this one on that holds all required terms.
    fn align(&mut self, from: DocId) -> DocId {
        let leader = self.leader();
        let mut document = leader.doc();
        if document < from {
            document = leader.seek(from);
        }
        'next: loop {
            for index in &self.by_cost[1..self.required] {
                let scorer = &mut self.terms[*index].scorer;
                let mut at = scorer.doc();
                if at < document {
                    at = scorer.seek(document);
                }
                if at > document {
                    document = self.leader().seek(at);
                    continue 'next;
                }
            }
            return document;
        }
    }
}

impl DocSet for AllTermsScorer {
    fn advance(&mut self) -> DocId {
        let from = self.leader().advance();
        self.align(from)
    }

    fn seek(&mut self, document: DocId) -> DocId {
        self.align(document)
    }

    fn doc(&self) -> DocId {
        self.terms[self.by_cost[0]].scorer.doc()
    }

    fn size_hint(&self) -> u32 {
        self.terms[self.by_cost[0]].scorer.size_hint()
    }

    fn cost(&self) -> u64 {
        self.terms[self.by_cost[0]].scorer.cost()
    }
}

impl ThresholdScorer for AllTermsScorer {
    fn score_at_least(&mut self, threshold: Score, is_case: bool) -> Option<DocScore> {
        let document = self.doc();
        let score = sum_at_least(&mut self.terms, &self.by_cost, document, threshold)?;
        Some(DocScore {
            terms: score,
            type_boost: if is_case {
                type_boost(&mut self.terms, document)
            } else {
                0.0
            },
        })
    }

    fn max_type_boost(&self) -> Score {
        self.max_type_boost
    }
}

/// The documents that hold any of the terms.
pub(crate) struct AnyTermScorer {
    document: DocId,
    /// The last one that was given.
    threshold: Score,
    /// In the order of the query.
    terms: Vec<SegmentTerm>,
    /// Their indexes, by the upper bounds of their scores, the highest first.
    by_max_score: Vec<usize>,
    /// Upper bound of what the terms from each of these on score together.
    max_of_rest: Vec<Score>,
    /// The number of terms, of `by_max_score`, whose postings are followed: the others cannot reach the threshold by themselves.
    essential: usize,
    /// The number that is always followed: a document that holds all required terms is never skipped.
    min_essential: usize,
    /// Whether only documents have a score that lack a required word and hold the other required terms.
    is_of_partial: bool,
    max_type_boost: Score,
}

impl AnyTermScorer {
    /// The documents that lack a required word and hold the other required terms. The others have no score.
    pub(crate) fn of_partial(terms: Vec<SegmentTerm>) -> Self {
        Self {
            min_essential: 0,
            is_of_partial: true,
            ..Self::new(terms)
        }
    }

    pub(crate) fn new(terms: Vec<SegmentTerm>) -> Self {
        let mut by_max_score: Vec<_> = (0..terms.len()).collect();
        by_max_score.sort_by(|one, other| terms[*other].max_score.total_cmp(&terms[*one].max_score));
        let from = |first: usize| by_max_score[first..].iter().map(|index| terms[*index].max_score).sum();
        let first_required = by_max_score.iter().position(|index| terms[*index].is_required);
        let mut scorer = Self {
            document: TERMINATED,
            threshold: 0.0,
            max_of_rest: (0..terms.len()).map(from).collect(),
            essential: terms.len(),
            min_essential: first_required.map_or(terms.len(), |index| index + 1),
            is_of_partial: false,
            max_type_boost: max_type_boost(&terms),
            by_max_score,
            terms,
        };
        scorer.document = scorer.nearest();
        scorer
    }

    fn nearest(&self) -> DocId {
        let essential = self.by_max_score[..self.essential].iter();
        let documents = essential.map(|index| self.terms[*index].scorer.doc());
        documents.min().unwrap_or(TERMINATED)
    }

    /// Stops following terms that cannot reach the threshold even together.
    fn skip_common(&mut self) {
        while self.essential > self.min_essential && stays_below(self.max_of_rest[self.essential - 1], self.threshold) {
            self.essential -= 1;
        }
    }
}

impl DocSet for AnyTermScorer {
    fn advance(&mut self) -> DocId {
        self.skip_common();
        let document = self.document;
        for index in &self.by_max_score[..self.essential] {
            let scorer = &mut self.terms[*index].scorer;
            if scorer.doc() == document {
                scorer.advance();
            }
        }
        self.document = self.nearest();
        self.document
    }

    fn seek(&mut self, document: DocId) -> DocId {
        if document > self.document {
            self.skip_common();
            for index in &self.by_max_score[..self.essential] {
                let scorer = &mut self.terms[*index].scorer;
                if scorer.doc() < document {
                    scorer.seek(document);
                }
            }
            self.document = self.nearest();
        }
        self.document
    }

    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        let hints = self.terms.iter().map(|term| term.scorer.size_hint());
        hints.fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        self.terms.iter().map(|term| term.scorer.cost()).sum()
    }
}

impl ThresholdScorer for AnyTermScorer {
    fn score_at_least(&mut self, threshold: Score, is_case: bool) -> Option<DocScore> {
        self.threshold = threshold;
        // Where the term with the highest bound is missing, the others are often not even looked up.
        let sum = match self.is_of_partial {
            true => partial_sum_at_least,
            false => sum_at_least,
        };
        let score = sum(&mut self.terms, &self.by_max_score, self.document, threshold)?;
        Some(DocScore {
            terms: score,
            type_boost: if is_case {
                type_boost(&mut self.terms, self.document)
            } else {
                0.0
            },
        })
    }

    fn max_type_boost(&self) -> Score {
        self.max_type_boost
    }
}
