//! The cases that hold all of some words, or any of them, without scoring those that cannot be of use.
//!
//! Whoever looks at the matches says what a match has to score to be of use, the [`Bar`]: that of the worst hit kept so far, or what a
//! match needs to count. What a word can add to a score at the most is known beforehand, and better once it is known how often a case
//! holds it and how long the case is: a case that stays below the bar by that is not scored. And where any of the words will do, cases
//! that hold nothing but words too common to reach the bar are not even looked at (Turtle & Flood, « Query evaluation:
//! strategies and optimizations », Information Processing & Management 1995: MaxScore).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

use crate::collector::deadline::Deadline;
use crate::error::Result;
use crate::scoring::bm25f_scorer::{Bm25fQuery, Bm25fScorer, Bm25fWeight};
use crate::scoring::type_boost::{self, TermMatch, TypeBoost};

/// What a match has to score to be of use; 0 at first. A match that cannot may be given any score below it, or be left out where any
/// of the words will do.
#[derive(Debug, Default)]
pub(crate) struct Bar(AtomicU32);

impl Bar {
    pub(crate) fn set(&self, score: Score) {
        self.0.store(score.to_bits(), Ordering::Relaxed);
    }

    fn get(&self) -> Score {
        Score::from_bits(self.0.load(Ordering::Relaxed))
    }
}

/// A tree that the engine runs, what tells it which matches are of no use, and what it tells of those that are cases.
pub(crate) struct ScoredQuery {
    pub(crate) query: Box<dyn Query>,
    pub(crate) bar: Arc<Bar>,
    pub(crate) boost: Arc<TypeBoost>,
}

impl ScoredQuery {
    /// What the best of all matches scores; `None` where nothing matches.
    ///
    /// # Errors
    /// An index that cannot be read; a deadline that is past.
    pub(crate) fn best(&self, searcher: &Searcher, deadline: Deadline) -> Result<Option<Score>> {
        /// Matches looked at between two looks at the clock.
        const AT_ONCE: usize = 1_024;
        let weight = self.query.weight(EnableScoring::enabled_from_searcher(searcher))?;
        let mut best: Option<Score> = None;
        self.bar.set(0.0);
        for segment in searcher.segment_readers() {
            let mut scorer = weight.scorer(segment, 1.0)?;
            let alive = segment.alive_bitset();
            let mut looked_at = 0;
            while scorer.doc() != TERMINATED {
                if looked_at % AT_ONCE == 0 {
                    deadline.check()?;
                }
                looked_at += 1;
                if alive.is_none_or(|alive| alive.is_alive(scorer.doc())) {
                    let score = scorer.score();
                    if best.is_none_or(|best| score > best) {
                        best = Some(score);
                        self.bar.set(score);
                    }
                }
                scorer.advance();
            }
        }
        Ok(best)
    }
}

/// Whether a sum that is at most `most` stays below the bar, however it is rounded.
fn stays_below(max_score: Score, bar: Score) -> bool {
    /// More than adding up so few numbers in another order makes a difference of.
    const SLACK: Score = 1.000_1;
    max_score * SLACK < bar
}

/// The cases that hold all words that are required, scored by those and the others.
#[derive(Debug, Clone)]
pub(crate) struct AllTermsQuery {
    /// Each with whether it is required, as at least one is.
    pub(crate) words: Vec<(Bm25fQuery, bool)>,
    pub(crate) bar: Arc<Bar>,
    pub(crate) boost: Arc<TypeBoost>,
}

/// The cases that hold any of the words.
#[derive(Debug, Clone)]
pub(crate) struct AnyTermQuery {
    /// Each with whether it is required where all of them are looked for: cases that hold those are never left out.
    pub(crate) words: Vec<(Bm25fQuery, bool)>,
    pub(crate) bar: Arc<Bar>,
    pub(crate) boost: Arc<TypeBoost>,
}

impl Query for AllTermsQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let words = weigh(&self.words, scoring)?;
        let (bar, boost) = (Arc::clone(&self.bar), Arc::clone(&self.boost));
        Ok(Box::new(TermsWeight {
            words,
            bar,
            boost,
            open: all,
        }))
    }
}

impl Query for AnyTermQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let words = weigh(&self.words, scoring)?;
        let (bar, boost) = (Arc::clone(&self.bar), Arc::clone(&self.boost));
        Ok(Box::new(TermsWeight {
            words,
            bar,
            boost,
            open: any,
        }))
    }
}

fn weigh(words: &[(Bm25fQuery, bool)], scoring: EnableScoring<'_>) -> tantivy::Result<Vec<(Bm25fWeight, bool)>> {
    let searcher = match scoring {
        EnableScoring::Enabled { searcher, .. } => Some(searcher),
        EnableScoring::Disabled { .. } => None,
    };
    let weights = words
        .iter()
        .map(|(word, is_required)| Ok((word.weigh(searcher)?, *is_required)));
    weights.collect()
}

/// Puts the words of a segment together.
type OpenTerms = fn(Vec<SegmentTerm>, Arc<Bar>, Arc<TypeBoost>) -> Box<dyn Scorer>;

struct TermsWeight {
    words: Vec<(Bm25fWeight, bool)>,
    bar: Arc<Bar>,
    boost: Arc<TypeBoost>,
    open: OpenTerms,
}

impl Weight for TermsWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let words = self.words.iter().map(|(weight, is_required)| {
            let mut scorer = weight.open(segment, boost)?;
            Ok(SegmentTerm {
                max_score: scorer.max_score(),
                is_required: *is_required,
                score: 0.0,
                scorer,
            })
        });
        let words: Vec<_> = words.collect::<tantivy::Result<_>>()?;
        let scorer = (self.open)(words, Arc::clone(&self.bar), Arc::clone(&self.boost));
        if scorer.doc() == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(scorer)
    }

    fn explain(&self, _: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!(
            "document {document} is explained word by word"
        )))
    }
}

/// A word in a segment.
struct SegmentTerm {
    scorer: Bm25fScorer,
    is_required: bool,
    /// What it scores at the most in any document.
    max_score: Score,
    /// What it scores in the document that is scored.
    score: Score,
}

impl SegmentTerm {
    /// Whether the document has the word.
    fn is_in(&mut self, document: DocId) -> bool {
        self.scorer.doc() == document || self.scorer.seek(document) == document
    }
}

/// What words score together in a document, in the order of the query, so that it is the same whatever is looked at first; 0 where it
/// stays below the bar. They are looked at in the order of `ranks`, closer from step to step, as long as the bar can be reached.
fn score(words: &mut [SegmentTerm], ranks: &[usize], document: DocId, bar: Score) -> Score {
    if let [word] = words {
        return score_alone(&mut word.scorer, bar);
    }
    words.iter_mut().for_each(|word| word.score = word.max_score);
    let mut max_score: Score = words.iter().map(|word| word.score).sum();
    let can_be = look_at(words, ranks, bar, &mut max_score, |word| match word.is_in(document) {
        true => word.scorer.max_score_by_length(),
        false => 0.0,
    });
    let can_be = can_be
        && look_at(words, ranks, bar, &mut max_score, |word| {
            match word.scorer.doc() == document {
                true => word.scorer.max_score_by_lengths(),
                false => 0.0,
            }
        })
        && look_at(words, ranks, bar, &mut max_score, |word| {
            match word.scorer.doc() == document {
                true => word.scorer.score(),
                false => 0.0,
            }
        });
    match can_be {
        true => words.iter().map(|word| word.score).sum(),
        false => 0.0,
    }
}

/// The same of one word, in the document it is at: where it is a common one, matches are hundreds of thousands.
fn score_alone(word: &mut Bm25fScorer, bar: Score) -> Score {
    if stays_below(word.max_score_by_length(), bar) || stays_below(word.max_score_by_lengths(), bar) {
        return 0.0;
    }
    let score = word.score();
    if stays_below(score, bar) { 0.0 } else { score }
}

/// Looks at words in the order of `ranks`, as long as the bar can be reached; whether it can.
#[inline]
fn look_at(
    words: &mut [SegmentTerm],
    ranks: &[usize],
    bar: Score,
    max_score: &mut Score,
    mut look: impl FnMut(&mut SegmentTerm) -> Score,
) -> bool {
    for rank in ranks {
        let word = &mut words[*rank];
        *max_score -= word.score;
        word.score = look(word);
        *max_score += word.score;
        if stays_below(*max_score, bar) {
            return false;
        }
    }
    true
}

/// What a case is raised by the words it holds; words near each other are taken to be where it holds them at all.
fn boost(words: &mut [SegmentTerm], document: DocId) -> Score {
    let held = words.iter_mut().map(|word| match word.is_in(document) {
        true => word.scorer.held(),
        false => TermMatch::default(),
    });
    let held: Vec<_> = held.collect();
    let words_of_case = words.first().map_or(0, |word| word.scorer.length_of(document));
    type_boost::boost(held, |_| true, type_boost::length_share(words_of_case))
}

/// The same for a case that holds them all.
fn max_boost(words: &[SegmentTerm]) -> Score {
    type_boost::boost(words.iter().map(|word| word.scorer.best_term_match()), |_| true, 1.0)
}

fn all(words: Vec<SegmentTerm>, bar: Arc<Bar>, boost: Arc<TypeBoost>) -> Box<dyn Scorer> {
    let max_boost = max_boost(&words);
    let mut by_cost: Vec<_> = (0..words.len()).collect();
    by_cost.sort_by_key(|rank| (!words[*rank].is_required, words[*rank].scorer.cost()));
    let required = words.iter().filter(|word| word.is_required).count();
    let mut scorer = AllTermsScorer {
        words,
        by_cost,
        required,
        bar,
        boost,
        max_boost,
    };
    scorer.meet(0);
    Box::new(scorer)
}

struct AllTermsScorer {
    /// In the order of the query.
    words: Vec<SegmentTerm>,
    /// Their ranks: first those required, then the others, each the rarest first.
    by_cost: Vec<usize>,
    /// How many are required.
    required: usize,
    bar: Arc<Bar>,
    boost: Arc<TypeBoost>,
    /// What a case is raised by at the most.
    max_boost: Score,
}

impl AllTermsScorer {
    /// The rarest of those required.
    fn leader(&mut self) -> &mut Bm25fScorer {
        &mut self.words[self.by_cost[0]].scorer
    }

    /// Goes to the first document from this one on that holds all that is required.
    fn meet(&mut self, from: DocId) -> DocId {
        let leader = self.leader();
        let mut document = leader.doc();
        if document < from {
            document = leader.seek(from);
        }
        'next: loop {
            for rank in &self.by_cost[1..self.required] {
                let scorer = &mut self.words[*rank].scorer;
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
        self.meet(from)
    }

    fn seek(&mut self, document: DocId) -> DocId {
        self.meet(document)
    }

    fn doc(&self) -> DocId {
        self.words[self.by_cost[0]].scorer.doc()
    }

    fn size_hint(&self) -> u32 {
        self.words[self.by_cost[0]].scorer.size_hint()
    }

    fn cost(&self) -> u64 {
        self.words[self.by_cost[0]].scorer.cost()
    }
}

impl Scorer for AllTermsScorer {
    fn score(&mut self) -> Score {
        let document = self.doc();
        let is_case = self.boost.is_expected();
        // A case needs less, as it is raised by what it holds.
        let bar = self.bar.get() - if is_case { self.max_boost } else { 0.0 };
        let score = score(&mut self.words, &self.by_cost, document, bar);
        if is_case {
            self.boost.set(boost(&mut self.words, document));
        }
        score
    }
}

fn any(words: Vec<SegmentTerm>, bar: Arc<Bar>, boost: Arc<TypeBoost>) -> Box<dyn Scorer> {
    let mut by_max_score: Vec<_> = (0..words.len()).collect();
    by_max_score.sort_by(|one, other| words[*other].max_score.total_cmp(&words[*one].max_score));
    let from = |first: usize| by_max_score[first..].iter().map(|rank| words[*rank].max_score).sum();
    let first_required = by_max_score.iter().position(|rank| words[*rank].is_required);
    let mut scorer = AnyTermScorer {
        document: TERMINATED,
        max_of_rest: (0..words.len()).map(from).collect(),
        essential: words.len(),
        min_essential: first_required.map_or(words.len(), |rank| rank + 1),
        by_max_score,
        words,
        bar,
        boost,
    };
    scorer.document = scorer.nearest();
    Box::new(scorer)
}

struct AnyTermScorer {
    document: DocId,
    /// In the order of the query.
    words: Vec<SegmentTerm>,
    /// Their ranks, by what they score at the most, the most first.
    by_max_score: Vec<usize>,
    /// What the words from each of these on score together at the most.
    max_of_rest: Vec<Score>,
    /// So many of them lead to documents: the others cannot reach the bar by themselves.
    essential: usize,
    /// And so many always do: a document that holds all that is required is not to be left out.
    min_essential: usize,
    bar: Arc<Bar>,
    boost: Arc<TypeBoost>,
}

impl AnyTermScorer {
    fn nearest(&self) -> DocId {
        let essential = self.by_max_score[..self.essential].iter();
        let documents = essential.map(|rank| self.words[*rank].scorer.doc());
        documents.min().unwrap_or(TERMINATED)
    }

    fn leave_out(&mut self) {
        let bar = self.bar.get();
        while self.essential > self.min_essential && stays_below(self.max_of_rest[self.essential - 1], bar) {
            self.essential -= 1;
        }
    }
}

impl DocSet for AnyTermScorer {
    fn advance(&mut self) -> DocId {
        self.leave_out();
        let document = self.document;
        for rank in &self.by_max_score[..self.essential] {
            let scorer = &mut self.words[*rank].scorer;
            if scorer.doc() == document {
                scorer.advance();
            }
        }
        self.document = self.nearest();
        self.document
    }

    fn seek(&mut self, document: DocId) -> DocId {
        if document > self.document {
            self.leave_out();
            for rank in &self.by_max_score[..self.essential] {
                let scorer = &mut self.words[*rank].scorer;
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
        let hints = self.words.iter().map(|word| word.scorer.size_hint());
        hints.fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        self.words.iter().map(|word| word.scorer.cost()).sum()
    }
}

impl Scorer for AnyTermScorer {
    fn score(&mut self) -> Score {
        // The others are not even looked for where the most telling word is not there.
        let score = score(&mut self.words, &self.by_max_score, self.document, self.bar.get());
        if self.boost.is_expected() {
            self.boost.set(boost(&mut self.words, self.document));
        }
        score
    }
}
