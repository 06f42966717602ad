//! Scorers that know the score a document has to reach.
//!
//! tantivy's `Scorer` has no way to say which score is still competitive, so this crate has its own trait. A scorer that is given a
//! threshold need not compute a score below it, and may skip documents that cannot reach it.

use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, TERMINATED};

use crate::scoring::bm25f_scorer::Bm25fScorer;
use crate::scoring::type_boost;

/// The score of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocScore {
    /// What its terms add up to.
    pub(crate) terms: Score,
    /// What it is boosted by as a case; 0 for a contract.
    pub(crate) type_boost: Score,
}

impl DocScore {
    /// The score of a match where nothing is scored.
    pub(crate) fn unscored(is_case: bool) -> Self {
        Self {
            terms: 0.0,
            type_boost: type_boost::without_words(is_case),
        }
    }

    const ZERO: Self = Self {
        terms: 0.0,
        type_boost: 0.0,
    };

    fn plus(self, other: Self) -> Self {
        Self {
            terms: self.terms + other.terms,
            type_boost: self.type_boost + other.type_boost,
        }
    }
}

/// A document set that scores the document it is at.
pub(crate) trait ThresholdScorer: DocSet {
    /// The score of the current document, or `None` where its terms certainly score below `threshold`. A score that is returned may
    /// be below it all the same. From then on the scorer may skip documents whose terms cannot reach the threshold.
    ///
    /// `is_case` says whether the document is a case that is boosted as such. Call it at most once per document.
    fn score_at_least(&mut self, threshold: Score, is_case: bool) -> Option<DocScore>;

    /// Upper bound of the boost of a case.
    fn max_type_boost(&self) -> Score {
        type_boost::without_words(true)
    }
}

/// A tantivy scorer, which knows no threshold.
pub(crate) struct Unbounded(pub(crate) Box<dyn Scorer>);

impl DocSet for Unbounded {
    fn advance(&mut self) -> DocId {
        self.0.advance()
    }

    fn seek(&mut self, document: DocId) -> DocId {
        self.0.seek(document)
    }

    fn fill_buffer(&mut self, buffer: &mut [DocId; tantivy::COLLECT_BLOCK_BUFFER_LEN]) -> usize {
        self.0.fill_buffer(buffer)
    }

    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn size_hint(&self) -> u32 {
        self.0.size_hint()
    }

    fn cost(&self) -> u64 {
        self.0.cost()
    }
}

impl ThresholdScorer for Unbounded {
    fn score_at_least(&mut self, _: Score, is_case: bool) -> Option<DocScore> {
        Some(DocScore {
            terms: self.0.score(),
            type_boost: type_boost::without_words(is_case),
        })
    }
}

/// A phrase: it adds to the score of the terms, and nothing to the boost of a case.
impl ThresholdScorer for Bm25fScorer {
    fn score_at_least(&mut self, _: Score, _: bool) -> Option<DocScore> {
        Some(DocScore {
            terms: self.score(),
            type_boost: 0.0,
        })
    }

    fn max_type_boost(&self) -> Score {
        0.0
    }
}

/// The documents that are in each of several sets. Their scores add up, in the order of the costs of the sets.
pub(crate) struct Intersection {
    /// At least one; the cheapest first.
    scorers: Vec<Box<dyn ThresholdScorer>>,
}

impl Intersection {
    pub(crate) fn new(mut scorers: Vec<Box<dyn ThresholdScorer>>) -> Self {
        scorers.sort_by_key(DocSet::cost);
        let mut intersection = Self { scorers };
        let first = intersection.doc();
        intersection.align(first);
        intersection
    }

    /// Moves every set to the first common document from this one on.
    fn align(&mut self, mut document: DocId) -> DocId {
        'next: while document != TERMINATED {
            for scorer in &mut self.scorers {
                let at = match scorer.doc() {
                    at if at < document => scorer.seek(document),
                    at => at,
                };
                if at > document {
                    document = at;
                    continue 'next;
                }
            }
            return document;
        }
        let leading = &mut self.scorers[0];
        if leading.doc() != TERMINATED {
            leading.seek(TERMINATED);
        }
        TERMINATED
    }
}

impl DocSet for Intersection {
    fn advance(&mut self) -> DocId {
        let document = self.scorers[0].advance();
        self.align(document)
    }

    fn seek(&mut self, document: DocId) -> DocId {
        let document = document.max(self.doc());
        self.align(document)
    }

    fn doc(&self) -> DocId {
        self.scorers[0].doc()
    }

    fn size_hint(&self) -> u32 {
        let hints = self.scorers.iter().map(DocSet::size_hint);
        hints.min().unwrap_or_default()
    }

    fn cost(&self) -> u64 {
        self.scorers[0].cost()
    }
}

impl ThresholdScorer for Intersection {
    fn score_at_least(&mut self, _: Score, is_case: bool) -> Option<DocScore> {
        // No set knows what the others add: each is scored in full.
        let mut scores = self
            .scorers
            .iter_mut()
            .map(|scorer| scorer.score_at_least(0.0, is_case));
        let first = scores.next()??;
        let sum = scores.next().unwrap_or(Some(DocScore::ZERO))?.plus(first);
        let mut others = DocScore::ZERO;
        for score in scores {
            others = others.plus(score?);
        }
        Some(sum.plus(others))
    }

    fn max_type_boost(&self) -> Score {
        self.scorers.iter().map(|scorer| scorer.max_type_boost()).sum()
    }
}

/// The documents of a set that are in none of several others.
pub(crate) struct Exclusion {
    scorer: Box<dyn ThresholdScorer>,
    excluded: Vec<Bm25fScorer>,
}

impl Exclusion {
    pub(crate) fn new(scorer: Box<dyn ThresholdScorer>, excluded: Vec<Bm25fScorer>) -> Self {
        let mut exclusion = Self { scorer, excluded };
        exclusion.skip_excluded();
        exclusion
    }

    fn skip_excluded(&mut self) -> DocId {
        let mut document = self.scorer.doc();
        while document != TERMINATED && self.is_excluded(document) {
            document = self.scorer.advance();
        }
        document
    }

    fn is_excluded(&mut self, document: DocId) -> bool {
        let mut excluded = self.excluded.iter_mut();
        excluded.any(|excluded| excluded.seek(document) == document)
    }
}

impl DocSet for Exclusion {
    fn advance(&mut self) -> DocId {
        self.scorer.advance();
        self.skip_excluded()
    }

    fn seek(&mut self, document: DocId) -> DocId {
        self.scorer.seek(document);
        self.skip_excluded()
    }

    fn doc(&self) -> DocId {
        self.scorer.doc()
    }

    fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }

    fn cost(&self) -> u64 {
        self.scorer.cost()
    }
}

impl ThresholdScorer for Exclusion {
    fn score_at_least(&mut self, threshold: Score, is_case: bool) -> Option<DocScore> {
        self.scorer.score_at_least(threshold, is_case)
    }

    fn max_type_boost(&self) -> Score {
        self.scorer.max_type_boost()
    }
}
