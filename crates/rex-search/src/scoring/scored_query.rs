//! The query that a search runs, segment by segment.

use rex_query::Deadline;
use std::collections::HashSet;

use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocAddress, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use crate::error::Result;
use crate::scoring::bm25f_scorer::{Bm25fQuery, Bm25fWeight};
use crate::scoring::maxscore::{AllTermsScorer, AnyTermScorer, SegmentTerm};
use crate::scoring::threshold_scorer::{Exclusion, Intersection, ThresholdScorer, Unbounded};

/// Documents between two checks of the deadline.
const BETWEEN_CHECKS: usize = 1_024;

/// What a search looks for: a clause, phrases that add to its score, and exclusions.
pub(crate) struct ScoredQuery {
    pub(crate) clause: Clause,
    /// A document has to hold all of them.
    pub(crate) phrases: Vec<Bm25fQuery>,
    /// A document may hold none of them.
    pub(crate) excluded: Vec<Bm25fQuery>,
}

/// The clause that leads a query.
pub(crate) enum Clause {
    /// The documents that hold all required terms, at least one; the others add to their scores.
    AllTerms(Vec<ScoredTerm>),
    /// The documents that hold any of the terms.
    AnyTerm(Vec<ScoredTerm>),
    /// Whatever a query of tantivy finds, without a threshold.
    Unbounded(Box<dyn Query>),
}

/// A term of a clause.
#[derive(Debug, Clone)]
pub(crate) struct ScoredTerm {
    pub(crate) query: Bm25fQuery,
    /// Whether a document has to hold it where all terms are looked for.
    pub(crate) is_required: bool,
    /// Whether it is a word, which a partial match may lack even if it is required.
    pub(crate) is_word: bool,
}

impl ScoredQuery {
    /// Whether a document may lack a word of it and be a partial match: there are two required words.
    pub(crate) fn may_have_partial(&self) -> bool {
        match &self.clause {
            Clause::AllTerms(terms) => terms.iter().filter(|term| term.is_required && term.is_word).count() >= 2,
            Clause::AnyTerm(_) | Clause::Unbounded(_) => false,
        }
    }

    /// The query on a searcher.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn weight(&self, searcher: &Searcher, is_scored: bool) -> tantivy::Result<ScoredWeight> {
        let scored_by = is_scored.then_some(searcher);
        let each = |terms: &[ScoredTerm]| {
            let weights = terms.iter().map(|term| {
                Ok(TermWeight {
                    weight: term.query.weigh(scored_by)?,
                    is_required: term.is_required,
                    is_word: term.is_word,
                })
            });
            weights.collect::<tantivy::Result<Vec<_>>>()
        };
        let clause = match &self.clause {
            Clause::AllTerms(terms) => ClauseWeight::AllTerms(each(terms)?),
            Clause::AnyTerm(terms) => ClauseWeight::AnyTerm(each(terms)?),
            Clause::Unbounded(query) => ClauseWeight::Unbounded(query.weight(match scored_by {
                Some(searcher) => EnableScoring::enabled_from_searcher(searcher),
                None => EnableScoring::disabled_from_searcher(searcher),
            })?),
        };
        let phrases = self.phrases.iter().map(|phrase| phrase.weigh(scored_by));
        let excluded = self.excluded.iter().map(|phrase| phrase.weigh(None));
        Ok(ScoredWeight {
            clause,
            phrases: phrases.collect::<tantivy::Result<_>>()?,
            excluded: excluded.collect::<tantivy::Result<_>>()?,
        })
    }

    /// The score of the best match, without the boost of a case; `None` where nothing matches.
    ///
    /// # Errors
    /// An index that cannot be read; a deadline that is past.
    pub(crate) fn best(&self, searcher: &Searcher, deadline: Deadline) -> Result<Option<Score>> {
        let mut best: Option<Score> = None;
        self.each(searcher, true, deadline, |_, scorer| {
            if let Some(score) = scorer.score_at_least(best.unwrap_or_default(), false)
                && best.is_none_or(|best| score.terms > best)
            {
                best = Some(score.terms);
            }
        })?;
        Ok(best)
    }

    /// The documents that match.
    ///
    /// # Errors
    /// An index that cannot be read; a deadline that is past.
    pub(crate) fn documents(&self, searcher: &Searcher, deadline: Deadline) -> Result<HashSet<DocAddress>> {
        let mut documents = HashSet::new();
        self.each(searcher, false, deadline, |address, _| {
            documents.insert(address);
        })?;
        Ok(documents)
    }

    /// Calls `see` with each document that matches and is not deleted, and with the scorer that is at it.
    fn each(
        &self,
        searcher: &Searcher,
        is_scored: bool,
        deadline: Deadline,
        mut see: impl FnMut(DocAddress, &mut dyn ThresholdScorer),
    ) -> Result<()> {
        let weight = self.weight(searcher, is_scored)?;
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let mut scorer = weight.scorer(segment)?;
            let alive = segment.alive_bitset();
            let mut seen = 0;
            while scorer.doc() != TERMINATED {
                if seen % BETWEEN_CHECKS == 0 {
                    deadline.check()?;
                }
                seen += 1;
                let document = scorer.doc();
                if alive.is_none_or(|alive| alive.is_alive(document)) {
                    see(DocAddress::new(ordinal, document), &mut *scorer);
                }
                scorer.advance();
            }
        }
        Ok(())
    }
}

/// A [`ScoredQuery`] on a searcher.
pub(crate) struct ScoredWeight {
    clause: ClauseWeight,
    phrases: Vec<Bm25fWeight>,
    excluded: Vec<Bm25fWeight>,
}

enum ClauseWeight {
    AllTerms(Vec<TermWeight>),
    AnyTerm(Vec<TermWeight>),
    Unbounded(Box<dyn Weight>),
}

impl ClauseWeight {
    fn terms(&self) -> &[TermWeight] {
        match self {
            Self::AllTerms(terms) | Self::AnyTerm(terms) => terms,
            Self::Unbounded(_) => &[],
        }
    }
}

/// A [`ScoredTerm`] on a searcher.
struct TermWeight {
    weight: Bm25fWeight,
    is_required: bool,
    is_word: bool,
}

/// Opens the terms of a clause in a segment.
fn open(terms: &[TermWeight], segment: &SegmentReader) -> tantivy::Result<Vec<SegmentTerm>> {
    let terms = terms.iter().map(|term| {
        let scorer = term.weight.open(segment, 1.0)?;
        Ok(SegmentTerm::new(scorer, term.is_required, term.is_word))
    });
    terms.collect()
}

impl ScoredWeight {
    /// Upper bound of the score of a document that lacks a required word.
    pub(crate) fn max_partial_score(&self) -> Score {
        let terms = self.clause.terms();
        let all: Score = terms.iter().map(|term| term.weight.max_score()).sum();
        let words = terms.iter().filter(|term| term.is_required && term.is_word);
        all - words.map(|term| term.weight.max_score()).fold(all, Score::min)
    }

    /// The documents of a segment that lack a required word and hold the other required terms.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn partial_scorer(&self, segment: &SegmentReader) -> tantivy::Result<Box<dyn ThresholdScorer>> {
        let scorer = AnyTermScorer::of_partial(open(self.clause.terms(), segment)?);
        self.without_excluded(Box::new(scorer), segment)
    }

    /// The matches of a segment.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn scorer(&self, segment: &SegmentReader) -> tantivy::Result<Box<dyn ThresholdScorer>> {
        let mut scorer: Box<dyn ThresholdScorer> = match &self.clause {
            ClauseWeight::AllTerms(terms) => Box::new(AllTermsScorer::new(open(terms, segment)?)),
            ClauseWeight::AnyTerm(terms) => Box::new(AnyTermScorer::new(open(terms, segment)?)),
            ClauseWeight::Unbounded(weight) => Box::new(Unbounded(weight.scorer(segment, 1.0)?)),
        };
        if !self.phrases.is_empty() {
            let mut scorers = vec![scorer];
            for phrase in &self.phrases {
                scorers.push(Box::new(phrase.open(segment, 1.0)?));
            }
            scorer = Box::new(Intersection::new(scorers));
        }
        self.without_excluded(scorer, segment)
    }

    fn without_excluded(
        &self,
        scorer: Box<dyn ThresholdScorer>,
        segment: &SegmentReader,
    ) -> tantivy::Result<Box<dyn ThresholdScorer>> {
        if self.excluded.is_empty() {
            return Ok(scorer);
        }
        let excluded = self.excluded.iter().map(|excluded| excluded.open(segment, 1.0));
        Ok(Box::new(Exclusion::new(
            scorer,
            excluded.collect::<tantivy::Result<_>>()?,
        )))
    }
}
