//! The cases that hold all of some words, or any of them, without scoring those that cannot be of use.
//!
//! Whoever looks at the matches says what a match has to score to be of use, the [`Bar`]: that of the worst hit kept so far, or what a
//! match needs to count. What a word can add to a score at the most is known beforehand, and better once it is known how often a case
//! holds it and how long the case is. So a case that can only stay below the bar is told by its first word, and where any of the words will do, cases
//! that hold nothing but words too common to reach the bar are not even looked at (Turtle & Flood, « Query evaluation:
//! strategies and optimizations », Information Processing & Management 1995: MaxScore).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

use crate::deadline::Deadline;
use crate::word::{WordQuery, WordScorer, WordWeight};

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

/// A tree that the engine runs, and what tells it which matches are of no use.
pub(crate) struct Scored {
    pub(crate) query: Box<dyn Query>,
    pub(crate) bar: Arc<Bar>,
}

impl Scored {
    /// What the best of all matches scores; `None` where nothing matches.
    ///
    /// # Errors
    /// An index that cannot be read; a deadline that is past.
    pub(crate) fn best(&self, searcher: &Searcher, deadline: Deadline) -> tantivy::Result<Option<Score>> {
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
fn stays_below(most: Score, bar: Score) -> bool {
    /// More than adding up so few numbers in another order makes a difference of.
    const SLACK: Score = 1.000_1;
    most * SLACK < bar
}

/// The cases that hold all words that are required, scored by those and the others.
#[derive(Debug, Clone)]
pub(crate) struct AllWords {
    /// Each with whether it is required, as at least one is.
    pub(crate) words: Vec<(WordQuery, bool)>,
    pub(crate) bar: Arc<Bar>,
}

/// The cases that hold any of the words.
#[derive(Debug, Clone)]
pub(crate) struct AnyWord {
    /// Each with whether it is required where all of them are looked for: cases that hold those are never left out.
    pub(crate) words: Vec<(WordQuery, bool)>,
    pub(crate) bar: Arc<Bar>,
}

impl Query for AllWords {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let words = weigh(&self.words, scoring)?;
        let bar = Arc::clone(&self.bar);
        Ok(Box::new(WordsWeight { words, bar, open: all }))
    }
}

impl Query for AnyWord {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let words = weigh(&self.words, scoring)?;
        let bar = Arc::clone(&self.bar);
        Ok(Box::new(WordsWeight { words, bar, open: any }))
    }
}

fn weigh(words: &[(WordQuery, bool)], scoring: EnableScoring<'_>) -> tantivy::Result<Vec<(WordWeight, bool)>> {
    let searcher = match scoring {
        EnableScoring::Enabled { searcher, .. } => Some(searcher),
        EnableScoring::Disabled { .. } => None,
    };
    let weights = words
        .iter()
        .map(|(word, is_required)| Ok((word.weigh(searcher)?, *is_required)));
    weights.collect()
}

struct WordsWeight {
    words: Vec<(WordWeight, bool)>,
    bar: Arc<Bar>,
    open: fn(Vec<OpenWord>, Arc<Bar>) -> Box<dyn Scorer>,
}

impl Weight for WordsWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let words = self.words.iter().map(|(weight, is_required)| {
            let mut scorer = weight.open(segment, boost)?;
            Ok(OpenWord {
                most: scorer.most(),
                is_required: *is_required,
                score: 0.0,
                scorer,
            })
        });
        let words: Vec<_> = words.collect::<tantivy::Result<_>>()?;
        let scorer = (self.open)(words, Arc::clone(&self.bar));
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
struct OpenWord {
    scorer: WordScorer,
    is_required: bool,
    /// What it scores at the most in any document.
    most: Score,
    /// What it scores in the document that is scored.
    score: Score,
}

impl OpenWord {
    /// Whether the document has the word.
    fn is_in(&mut self, document: DocId) -> bool {
        self.scorer.doc() == document || self.scorer.seek(document) == document
    }
}

/// What words score together, in their order, so that it is the same whatever was looked at first.
fn sum(words: &[OpenWord]) -> Score {
    words.iter().map(|word| word.score).sum()
}

fn all(words: Vec<OpenWord>, bar: Arc<Bar>) -> Box<dyn Scorer> {
    let mut required: Vec<_> = (0..words.len()).filter(|rank| words[*rank].is_required).collect();
    required.sort_by_key(|rank| words[*rank].scorer.cost());
    let mut scorer = AllScorer { words, required, bar };
    scorer.meet(0);
    Box::new(scorer)
}

struct AllScorer {
    /// In the order of the query.
    words: Vec<OpenWord>,
    /// The ranks of those required, the rarest first.
    required: Vec<usize>,
    bar: Arc<Bar>,
}

impl AllScorer {
    /// The rarest word.
    fn leader(&mut self) -> &mut WordScorer {
        &mut self.words[self.required[0]].scorer
    }

    /// Goes to the first document from this one on that holds all that is required.
    fn meet(&mut self, from: DocId) -> DocId {
        let leader = self.leader();
        let mut document = leader.doc();
        if document < from {
            document = leader.seek(from);
        }
        'next: loop {
            for rank in &self.required[1..] {
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

impl DocSet for AllScorer {
    fn advance(&mut self) -> DocId {
        let from = self.leader().advance();
        self.meet(from)
    }

    fn seek(&mut self, document: DocId) -> DocId {
        self.meet(document)
    }

    fn doc(&self) -> DocId {
        self.words[self.required[0]].scorer.doc()
    }

    fn size_hint(&self) -> u32 {
        let hints = self.required.iter().map(|rank| self.words[*rank].scorer.size_hint());
        hints.min().unwrap_or_default()
    }

    fn cost(&self) -> u64 {
        let costs = self.required.iter().map(|rank| self.words[*rank].scorer.cost());
        costs.min().unwrap_or_default()
    }
}

impl Scorer for AllScorer {
    fn score(&mut self) -> Score {
        let document = self.doc();
        let bar = self.bar.get();
        if let [word] = self.words.as_mut_slice() {
            let is_of_use = !stays_below(word.scorer.most_here(), bar);
            return if is_of_use { word.scorer.score() } else { 0.0 };
        }
        let mut most = 0.0;
        for word in &mut self.words {
            word.score = match word.is_required || word.is_in(document) {
                true => word.scorer.most_here(),
                false => 0.0,
            };
            most += word.score;
        }
        // What each word scores comes in the place of what it scores at the most.
        for word in &mut self.words {
            if stays_below(most, bar) {
                return 0.0;
            }
            if word.scorer.doc() == document {
                most -= word.score;
                word.score = word.scorer.score();
                most += word.score;
            }
        }
        sum(&self.words)
    }
}

fn any(words: Vec<OpenWord>, bar: Arc<Bar>) -> Box<dyn Scorer> {
    let mut telling: Vec<_> = (0..words.len()).collect();
    telling.sort_by(|one, other| words[*one].most.total_cmp(&words[*other].most));
    let sums = telling.iter().scan(0.0, |sum, rank| {
        *sum += words[*rank].most;
        Some(*sum)
    });
    let last_required = telling.iter().rposition(|rank| words[*rank].is_required);
    let mut scorer = AnyScorer {
        document: TERMINATED,
        sums: sums.collect(),
        essential: 0,
        most_essential: last_required.unwrap_or_default(),
        telling,
        words,
        bar,
    };
    scorer.document = scorer.nearest();
    Box::new(scorer)
}

struct AnyScorer {
    document: DocId,
    /// In the order of the query.
    words: Vec<OpenWord>,
    /// Their ranks, by what they score at the most.
    telling: Vec<usize>,
    /// What so many of these score together at the most.
    sums: Vec<Score>,
    /// From here on a word of `telling` leads to documents: those before cannot reach the bar by themselves.
    essential: usize,
    /// And from here on it always does: a document that holds all that is required is not to be left out.
    most_essential: usize,
    bar: Arc<Bar>,
}

impl AnyScorer {
    fn nearest(&self) -> DocId {
        let essential = self.telling[self.essential..].iter();
        let documents = essential.map(|rank| self.words[*rank].scorer.doc());
        documents.min().unwrap_or(TERMINATED)
    }

    fn raise(&mut self) {
        let bar = self.bar.get();
        while self.essential < self.most_essential && stays_below(self.sums[self.essential], bar) {
            self.essential += 1;
        }
    }
}

impl DocSet for AnyScorer {
    fn advance(&mut self) -> DocId {
        self.raise();
        let document = self.document;
        for rank in &self.telling[self.essential..] {
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
            self.raise();
            for rank in &self.telling[self.essential..] {
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

impl Scorer for AnyScorer {
    fn score(&mut self) -> Score {
        let document = self.document;
        let bar = self.bar.get();
        let mut most: Score = self.words.iter().map(|word| word.most).sum();
        self.words.iter_mut().for_each(|word| word.score = word.most);
        // The most telling word first: the others are not even looked for where it is not there.
        for step in [WordScorer::most_here, WordScorer::score] {
            for rank in self.telling.iter().rev() {
                let word = &mut self.words[*rank];
                most -= word.score;
                word.score = match word.is_in(document) {
                    true => step(&mut word.scorer),
                    false => 0.0,
                };
                most += word.score;
                if stays_below(most, bar) {
                    return 0.0;
                }
            }
        }
        sum(&self.words)
    }
}
