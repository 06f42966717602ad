//! One pass over the matches: hits, total and the counts of every facet together.
//!
//! The scorer gives the matches of the terms. Filters are applied here, because a facet is counted under every filter but its own. A
//! match that passes all filters is a hit and counts for every facet. One that fails a single filter counts for the facet of that
//! filter only. A match that fails two filters or the condition counts for none.

use std::collections::HashSet;

use rex_index::{FacetColumns, FacetRows, SortOrdinals};
use rex_query::Facet;
use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED,
};

use crate::collector::best_scores::BestScores;
use crate::collector::top_k::{self, SegmentHits, SegmentTop};
use crate::error::Result;
use crate::facet::boost::Boost;
use crate::facet::counts::{CodeCounter, ValueCounts};
use crate::facet::filter::CodeFilter;
use crate::facet::filter_expr::CodeFilters;
use crate::scoring::maxscore::stays_below;
use crate::scoring::scored_query::ScoredQuery;
use crate::scoring::threshold_scorer::{DocScore, ThresholdScorer};
use rex_query::{Deadline, Sort};

/// Matches counted together: their rows stay in the cache while facet after facet is counted. The deadline is checked between two
/// blocks.
const BLOCK: usize = 1_024;

/// Bytes copied of each row: up to 4 per facet, and 7 more because a code is read as 8 bytes. Most rows are narrow.
const NARROW: usize = 32;
const WIDE: usize = 4 * Facet::ALL.len() + 7;

/// The parameters of a pass.
pub(crate) struct FacetCollector<'a> {
    /// The facet columns.
    pub(crate) index: &'a FacetColumns,
    /// The ordinals of documents by id and by title.
    pub(crate) ordinals: &'a SortOrdinals,
    /// Matches that do not fulfil its condition do not count at all.
    pub(crate) filters: &'a CodeFilters,
    /// The facets to count.
    pub(crate) facets: &'a [Facet],
    pub(crate) sort: Sort,
    /// Whether the scores of the matches differ.
    pub(crate) is_scored: bool,
    /// Number of hits to keep.
    pub(crate) limit: usize,
    /// Boosts of records that have some facet values.
    pub(crate) boosts: &'a [Boost],
    /// Selects the cases, where they are boosted by the terms they hold.
    pub(crate) cases: Option<&'a Boost>,
    /// Checked between blocks.
    pub(crate) deadline: Deadline,
}

/// The minimum score of a match of some of the words, and the documents that match whatever their score.
pub(crate) struct MinScore {
    pub(crate) score: Score,
    pub(crate) always: HashSet<DocAddress>,
}

/// The result of a pass.
pub(crate) struct Matches {
    /// Number of cases that match the words, before filters.
    pub(crate) matched: u64,
    /// Number of cases that also pass the filters and the condition.
    pub(crate) total: u64,
    /// How many of [`Self::total`] lack a word of the query.
    pub(crate) lacking: u64,
    /// The best hits, the best first.
    pub(crate) hits: Vec<(Score, DocAddress)>,
    /// The counts of the requested facets, in that order.
    pub(crate) counts: Vec<ValueCounts>,
}

/// The matches of one segment, counted block by block.
pub(crate) struct SegmentCollector<'a> {
    rows: FacetRows<'a>,
    min_score: Option<Score>,
    /// Sorted.
    always: Vec<DocId>,
    boosts: Vec<(CodeFilter, Score)>,
    cases: Option<CodeFilter>,
    /// Upper bound of the boost of a case.
    max_type_boost: Score,
    matched: u64,
    total: u64,
    top: SegmentTop<'a>,
    filters: &'a CodeFilters,
    /// For each filter, the index of its facet among the counted ones.
    counted: Vec<Option<usize>>,
    counts: Vec<CodeCounter<'a>>,
    /// The best scores before filters, where they are wanted.
    best: Option<BestScores>,
    /// Whether the hits are in the order of their scores, or have to reach one.
    is_ranked: bool,
    /// Whether they are in that order.
    is_by_score: bool,
    /// Documents that pass all filters and are not counted yet.
    passing: Vec<DocId>,
    /// By filter, documents that fail only this one and are not counted yet.
    failing: Vec<Vec<DocId>>,
}

/// What the segments of a pass add up to.
struct PassTotals<'a> {
    matched: u64,
    total: u64,
    hits: Vec<SegmentHits>,
    counts: Vec<CodeCounter<'a>>,
    /// See [`SegmentCollector::best`].
    best: Option<BestScores>,
}

impl<'a> FacetCollector<'a> {
    /// Starts a segment; counts and best scores continue those of the segments before.
    fn start(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
        limit: usize,
        min_score: Option<&MinScore>,
        totals: &mut PassTotals<'a>,
        max_type_boost: Score,
    ) -> tantivy::Result<SegmentCollector<'a>> {
        let (facets, index) = (self.facets, self.index);
        let filters = &self.filters.filters;
        let counted = filters
            .iter()
            .map(|filter| facets.iter().position(|counted| *counted == filter.facet()));
        let always = min_score.iter().flat_map(|min_score| &min_score.always);
        let always = always.filter(|address| address.segment_ord == segment);
        let mut always: Vec<_> = always.map(|address| address.doc_id).collect();
        always.sort_unstable();
        let boosts = self
            .boosts
            .iter()
            .map(|type_boost| Ok((type_boost.filter(index)?, type_boost.by)));
        let cases = self.cases.map(|cases| cases.filter(index)).transpose()?;
        let rows = index.rows(segment);
        Ok(SegmentCollector {
            rows,
            min_score: min_score.map(|min_score| min_score.score),
            always,
            boosts: boosts.collect::<tantivy::Result<_>>()?,
            cases,
            max_type_boost,
            matched: 0,
            total: 0,
            top: SegmentTop::new(segment, reader, index, self.ordinals, self.sort, limit)?,
            counted: counted.collect(),
            counts: std::mem::take(&mut totals.counts),
            best: totals.best.take(),
            is_ranked: self.is_ranked(min_score),
            is_by_score: self.is_scored && self.sort == Sort::Relevance,
            passing: Vec::with_capacity(BLOCK),
            failing: filters.iter().map(|_| Vec::new()).collect(),
            filters: self.filters,
        })
    }

    /// Collects every match of a segment.
    fn run(
        &self,
        scorer: &mut dyn ThresholdScorer,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
        limit: usize,
        min_score: Option<&MinScore>,
        totals: &mut PassTotals<'a>,
    ) -> Result<()> {
        let mut pass = self.start(segment, reader, limit, min_score, totals, scorer.max_type_boost())?;
        let is_scored = pass.is_ranked || pass.best.is_some();
        let alive = reader.alive_bitset();
        let is_alive = |document| alive.is_none_or(|alive| alive.is_alive(document));
        let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
        loop {
            self.deadline.check()?;
            if is_scored {
                for _ in 0..BLOCK {
                    let document = scorer.doc();
                    if document == TERMINATED {
                        pass.harvest(totals);
                        return Ok(());
                    }
                    if is_alive(document) {
                        pass.see(document, |threshold, is_case| scorer.score_at_least(threshold, is_case));
                    }
                    scorer.advance();
                }
            } else {
                for _ in 0..BLOCK / COLLECT_BLOCK_BUFFER_LEN {
                    let filled = scorer.fill_buffer(&mut buffer);
                    let alive = buffer[..filled].iter().filter(|document| is_alive(**document));
                    alive.for_each(|document| {
                        pass.see(*document, |_, is_case| Some(DocScore::unscored(is_case)));
                    });
                    if filled < buffer.len() {
                        pass.harvest(totals);
                        return Ok(());
                    }
                }
            }
            pass.count();
        }
    }

    /// Collects the matches of all segments.
    fn pass(
        &self,
        searcher: &Searcher,
        scorer: impl Fn(&SegmentReader) -> tantivy::Result<Box<dyn ThresholdScorer>>,
        limit: usize,
        min_score: Option<&MinScore>,
        totals: &mut PassTotals<'a>,
    ) -> Result<()> {
        for (ordinal, reader) in (0..).zip(searcher.segment_readers()) {
            self.run(&mut *scorer(reader)?, ordinal, reader, limit, min_score, totals)?;
        }
        Ok(())
    }

    /// Whether the scores decide which matches are hits, or their order.
    fn is_ranked(&self, min_score: Option<&MinScore>) -> bool {
        self.is_scored && ((self.sort == Sort::Relevance && self.limit > 0) || min_score.is_some())
    }

    /// The hits where every case matches and only the id orders them: the first by id ordinal that pass. `None` if too few of those
    /// examined pass.
    fn first_by_id(&self, searcher: &Searcher) -> Result<Option<Vec<(Score, DocAddress)>>> {
        /// Cases examined per hit: if fewer than one in 64 passes, the regular pass is faster.
        const LOOKED_AT: usize = 64;
        let cases = searcher
            .segment_readers()
            .iter()
            .map(|reader| reader.max_doc() as usize)
            .sum();
        if self.is_scored
            || self.sort != Sort::Relevance
            || !self.boosts.is_empty()
            || self.cases.is_some()
            || !(1..cases).contains(&self.limit)
        {
            return Ok(None);
        }
        let mut first = Vec::with_capacity(self.limit);
        for rank in 0..cases.min(self.limit.saturating_mul(LOOKED_AT)) as u32 {
            if (rank as usize).is_multiple_of(BLOCK) {
                self.deadline.check()?;
            }
            let address = self.ordinals.nth(rank)?;
            let (rows, document) = (self.index.rows(address.segment_ord), address.doc_id);
            let is_alive = !searcher.segment_reader(address.segment_ord).is_deleted(document);
            if is_alive && self.filters.accepts(rows, document) {
                first.push((0.0, address));
                if first.len() == self.limit {
                    return Ok(Some(first));
                }
            }
        }
        Ok(None)
    }

    /// The matches of a query; with a minimum score, those that reach it.
    ///
    /// # Errors
    /// An index that cannot be read; a deadline that is past.
    pub(crate) fn search(
        &self,
        searcher: &Searcher,
        query: &ScoredQuery,
        min_score: Option<&MinScore>,
    ) -> Result<Matches> {
        let first = self.first_by_id(searcher)?;
        let limit = if first.is_some() { 0 } else { self.limit };
        let mut totals = self.nothing_yet();
        let weight = query.weight(searcher, self.is_ranked(min_score))?;
        self.pass(searcher, |reader| weight.scorer(reader), limit, min_score, &mut totals)?;
        Ok(Matches {
            hits: first.unwrap_or_else(|| top_k::merge(std::mem::take(&mut totals.hits), limit)),
            ..totals.finish(0)?
        })
    }

    /// The matches of a query; and, where they are at least `enough`, the records that lack a required word and score at least as the match
    /// at [`BestScores::RANK`]. The filters have no influence on that score, so that every page and every facet counts the same records.
    ///
    /// # Errors
    /// An index that cannot be read; a deadline that is past.
    pub(crate) fn search_with_partial(&self, searcher: &Searcher, query: &ScoredQuery, enough: u64) -> Result<Matches> {
        if !query.may_have_partial() {
            return self.search(searcher, query, None);
        }
        let mut totals = self.nothing_yet();
        totals.best = Some(BestScores::default());
        let weight = query.weight(searcher, true)?;
        self.pass(searcher, |reader| weight.scorer(reader), self.limit, None, &mut totals)?;
        let last = totals.best.take().map_or(0.0, |best| best.last());
        let complete = totals.total;
        let may_reach = !stays_below(weight.max_partial_score(), last);
        if totals.matched >= enough && last > 0.0 && may_reach {
            let min_score = MinScore {
                score: last,
                always: HashSet::new(),
            };
            let partial = |reader: &SegmentReader| weight.partial_scorer(reader);
            self.pass(searcher, partial, self.limit, Some(&min_score), &mut totals)?;
        }
        let hits = top_k::merge(std::mem::take(&mut totals.hits), self.limit);
        let lacking = totals.total - complete;
        Ok(Matches {
            hits,
            ..totals.finish(lacking)?
        })
    }

    fn nothing_yet(&self) -> PassTotals<'a> {
        let counts = self.facets.iter();
        PassTotals {
            matched: 0,
            total: 0,
            hits: Vec::new(),
            counts: counts.map(|facet| CodeCounter::new(self.index.table(*facet))).collect(),
            best: None,
        }
    }
}

impl PassTotals<'_> {
    /// The matches, without hits.
    fn finish(self, lacking: u64) -> Result<Matches> {
        let counts = self.counts.into_iter().map(CodeCounter::finish);
        Ok(Matches {
            matched: self.matched,
            total: self.total,
            lacking,
            hits: Vec::new(),
            counts: counts.collect::<tantivy::Result<_>>()?,
        })
    }
}

impl<'a> SegmentCollector<'a> {
    /// Collects a match. `score` gives its score, or `None` below a threshold; it is called at most once, and only where the score is
    /// needed.
    fn see(&mut self, document: DocId, score: impl FnOnce(Score, bool) -> Option<DocScore>) {
        let mut score = Some(score);
        let mut scored = None;
        let is_case = self
            .cases
            .as_ref()
            .is_some_and(|cases| cases.accepts(self.rows, document));
        if let Some(min_score) = self.min_score {
            let counts_anyway = self.always.binary_search(&document).is_ok();
            let threshold = if counts_anyway { 0.0 } else { min_score };
            scored = score.take().and_then(|score| score(threshold, is_case));
            if scored.is_none_or(|scored| scored.terms < min_score) && !counts_anyway {
                return;
            }
        }
        self.matched += 1;
        let rows = self.rows;
        let failed = self.failed(document);
        let passes = matches!(failed, Failed::None);
        let boosts = self
            .boosts
            .iter()
            .filter(|(filter, _)| passes && filter.accepts(rows, document));
        let boosted: Score = boosts.map(|(_, by)| by).sum();
        let least = self.top.least();
        if let Some(score) = score.filter(|_| passes || self.best.is_some()) {
            let of_top = match (passes && self.is_ranked, is_case) {
                (false, _) => Score::INFINITY,
                (true, false) => least - boosted,
                (true, true) => least - boosted - self.max_type_boost,
            };
            let of_best = self.best.as_ref().map_or(Score::INFINITY, BestScores::last);
            scored = score(of_top.min(of_best), is_case);
            if let (Some(best), Some(scored)) = (&mut self.best, scored) {
                best.add(scored.terms);
            }
        }
        match failed {
            Failed::None => {
                // Hits in another order have no score, also where a score decided that they are hits.
                if !self.is_by_score {
                    scored = Some(DocScore::unscored(is_case));
                }
                if let Some(scored) = scored {
                    let score = scored.terms + scored.type_boost + boosted;
                    if score >= least {
                        self.top.add(rows, document, score);
                    }
                }
                self.passing.push(document);
            }
            Failed::One(rank) if self.counted[rank].is_some() => self.failing[rank].push(document),
            Failed::One(_) | Failed::More => {}
        }
    }

    /// How many of the filters a document fails.
    fn failed(&self, document: DocId) -> Failed {
        if !self.filters.fulfils_condition(self.rows, document) {
            return Failed::More;
        }
        let mut failed = Failed::None;
        for (rank, filter) in self.filters.filters.iter().enumerate() {
            if !filter.accepts(self.rows, document) {
                match failed {
                    Failed::None => failed = Failed::One(rank),
                    Failed::One(_) | Failed::More => return Failed::More,
                }
            }
        }
        failed
    }

    /// Counts the block collected since the last call.
    fn count(&mut self) {
        self.total += self.passing.len() as u64;
        match self.rows.width() {
            0..=NARROW => count::<NARROW>(self.rows, &self.passing, &mut self.counts),
            _ => count::<WIDE>(self.rows, &self.passing, &mut self.counts),
        }
        for (failing, counted) in self.failing.iter().zip(&self.counted) {
            if let Some(facet) = *counted {
                let counts = &mut self.counts[facet];
                let (rows, slot) = (self.rows, counts.slot());
                counts.add(failing.iter().map(|document| rows.code(slot, *document)));
            }
        }
        self.passing.clear();
        self.failing.iter_mut().for_each(Vec::clear);
    }

    fn harvest(mut self, totals: &mut PassTotals<'a>) {
        self.count();
        totals.matched += self.matched;
        totals.total += self.total;
        totals.hits.push(self.top.finish());
        totals.counts = self.counts;
        totals.best = self.best;
    }
}

/// The filters that a match fails.
enum Failed {
    None,
    /// The one at this index.
    One(usize),
    /// Several, or the condition.
    More,
}

/// Counts documents for every facet. Their rows are copied first, as each is read once per facet.
fn count<const N: usize>(rows: FacetRows<'_>, documents: &[DocId], counts: &mut [CodeCounter<'_>]) {
    let mut copied: Vec<[u8; N]> = Vec::with_capacity(documents.len());
    rows.copy(documents, &mut copied);
    for counts in counts {
        let slot = counts.slot();
        counts.add(copied.iter().map(|row| slot.code(row)));
    }
}
