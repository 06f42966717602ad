//! The one pass over the matches: hits, total and the counts of every facet together.
//!
//! The engine gives the matches of the words; filters are tried here, because a facet is counted under every filter but
//! its own. A match that passes all filters is a hit and counts everywhere; one that fails a single filter counts for the
//! facet of that filter alone; the others count nowhere, nor do those that do not fulfil the condition.

use std::cell::LazyCell;
use std::collections::HashSet;

use rex_index::{Facet, FacetRows, Facets, Ranks};
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED,
};

use crate::condition::CodeCondition;
use crate::counts::CodeCounts;
use crate::deadline::Deadline;
use crate::filter::CodeFilter;
use crate::request::{Condition, Filters, Selection, Sort};
use crate::top::{self, SegmentHits, SegmentTop};

/// Matches looked at together: their codes stay near the processor while facet after facet is counted. The clock is looked at
/// between two blocks.
const BLOCK: usize = 1_024;

/// What a pass is asked for.
pub(crate) struct Pass<'a> {
    /// What documents have of the facets.
    pub(crate) index: &'a Facets,
    /// Where documents stand by their ids and titles.
    pub(crate) ranks: &'a Ranks,
    pub(crate) filters: &'a Filters,
    /// What a match has to fulfil to count at all.
    pub(crate) condition: &'a Condition,
    /// The facets to count.
    pub(crate) facets: &'a [Facet],
    pub(crate) sort: Sort,
    /// Whether matches score differently.
    pub(crate) is_scored: bool,
    /// Hits to keep.
    pub(crate) limit: usize,
    /// What a match needs to count, where not every match does.
    pub(crate) floor: Option<&'a Floor>,
    /// What cases are raised for, and by how much.
    pub(crate) raises: &'a [&'a Raise],
    /// When it has to be done.
    pub(crate) deadline: Deadline,
}

/// The matches that count where only some of the words were found: those that come near the best one, and some that count
/// whatever their score.
pub(crate) struct Floor {
    pub(crate) score: Score,
    pub(crate) always: HashSet<DocAddress>,
}

/// A value of a facet that raises the cases that have it.
pub(crate) struct Raise {
    pub(crate) facet: Facet,
    pub(crate) selection: Selection,
    pub(crate) by: Score,
}

impl Raise {
    /// What says which cases it raises.
    pub(crate) fn filter(&self, facets: &Facets) -> tantivy::Result<CodeFilter> {
        CodeFilter::new(facets.table(self.facet), std::slice::from_ref(&self.selection))
    }
}

/// What a pass gives.
pub(crate) struct Matches {
    /// Cases the words match, filters aside.
    pub(crate) matched: u64,
    /// Cases that pass the filters and the condition too.
    pub(crate) total: u64,
    /// The best of them, the best first.
    pub(crate) hits: Vec<(Score, DocAddress)>,
    /// The counts of each facet asked for, in that order.
    pub(crate) counts: Vec<CodeCounts>,
}

/// The matches of one segment, counted block by block.
pub(crate) struct SegmentPass<'a> {
    rows: FacetRows<'a>,
    floor: Option<Score>,
    always: HashSet<DocId>,
    raises: Vec<(CodeFilter, Score)>,
    matched: u64,
    total: u64,
    top: SegmentTop<'a>,
    condition: CodeCondition,
    filters: Vec<CodeFilter>,
    /// For each filter, the rank of its facet among those counted.
    counted: Vec<Option<usize>>,
    counts: Vec<CodeCounts>,
    /// Those that pass all filters and were not counted yet.
    passing: Vec<DocId>,
    /// And those that fail one filter alone, by its rank.
    failing: Vec<Vec<DocId>>,
}

pub(crate) struct SegmentMatches {
    matched: u64,
    total: u64,
    hits: SegmentHits,
    counts: Vec<CodeCounts>,
}

impl<'a> Pass<'a> {
    fn start(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentPass<'a>> {
        let (facets, index) = (self.facets, self.index);
        let filters = self.filters.iter();
        let filters = filters.map(|(facet, selections)| CodeFilter::new(index.table(facet), selections));
        let filters: Vec<_> = filters.collect::<tantivy::Result<_>>()?;
        let counted = self
            .filters
            .iter()
            .map(|(facet, _)| facets.iter().position(|counted| *counted == facet));
        let always = self.floor.iter().flat_map(|floor| &floor.always);
        let raises = self.raises.iter().map(|raise| Ok((raise.filter(index)?, raise.by)));
        let rows = index.rows(segment);
        Ok(SegmentPass {
            rows,
            floor: self.floor.map(|floor| floor.score),
            always: always
                .filter(|address| address.segment_ord == segment)
                .map(|address| address.doc_id)
                .collect(),
            raises: raises.collect::<tantivy::Result<_>>()?,
            matched: 0,
            total: 0,
            top: SegmentTop::new(segment, reader, index, self.ranks, self.sort, self.limit)?,
            condition: CodeCondition::new(self.condition, index)?,
            counted: counted.collect(),
            counts: facets
                .iter()
                .map(|facet| CodeCounts::new(index.table(*facet)))
                .collect(),
            passing: Vec::with_capacity(BLOCK),
            failing: filters.iter().map(|_| Vec::new()).collect(),
            filters,
        })
    }

    /// Looks at every match of a segment, and now and then at the clock.
    fn run(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentMatches> {
        let mut pass = self.start(segment, reader)?;
        let mut scorer = weight.scorer(reader, 1.0)?;
        let alive = reader.alive_bitset();
        let is_alive = |document| alive.is_none_or(|alive| alive.is_alive(document));
        let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
        loop {
            self.deadline.check()?;
            if self.requires_scoring() {
                for _ in 0..BLOCK {
                    let document = scorer.doc();
                    if document == TERMINATED {
                        return Ok(pass.harvest());
                    }
                    if is_alive(document) {
                        pass.see(document, || scorer.score());
                    }
                    scorer.advance();
                }
            } else {
                for _ in 0..BLOCK / COLLECT_BLOCK_BUFFER_LEN {
                    let filled = scorer.fill_buffer(&mut buffer);
                    let alive = buffer[..filled].iter().filter(|document| is_alive(**document));
                    alive.for_each(|document| pass.see(*document, || 0.0));
                    if filled < buffer.len() {
                        return Ok(pass.harvest());
                    }
                }
            }
            pass.count();
        }
    }

    fn requires_scoring(&self) -> bool {
        self.is_scored && (self.sort == Sort::Relevance || self.floor.is_some())
    }

    /// The matches of a query.
    ///
    /// # Errors
    /// An index that cannot be read; a deadline that is past.
    pub(crate) fn search(&self, searcher: &Searcher, query: &dyn Query) -> tantivy::Result<Matches> {
        let scoring = if self.requires_scoring() {
            EnableScoring::enabled_from_searcher(searcher)
        } else {
            EnableScoring::disabled_from_searcher(searcher)
        };
        let weight = query.weight(scoring)?;
        let (mut matched, mut total, mut hits) = (0, 0, Vec::new());
        let mut counts: Vec<CodeCounts> = Vec::new();
        for (ordinal, reader) in (0..).zip(searcher.segment_readers()) {
            let segment = self.run(&*weight, ordinal, reader)?;
            matched += segment.matched;
            total += segment.total;
            hits.push(segment.hits);
            if counts.is_empty() {
                counts = segment.counts;
            } else {
                let merged = counts.iter_mut().zip(&segment.counts);
                merged.for_each(|(counts, more)| counts.merge(more));
            }
        }
        if searcher.segment_readers().is_empty() {
            let none = self
                .facets
                .iter()
                .map(|facet| CodeCounts::new(self.index.table(*facet)));
            counts = none.collect();
        }
        Ok(Matches {
            matched,
            total,
            hits: top::merge(hits, self.limit),
            counts,
        })
    }
}

impl SegmentPass<'_> {
    /// Looks at a match; its score is asked for only where it is needed, and once.
    fn see(&mut self, document: DocId, score: impl FnOnce() -> Score) {
        let score = LazyCell::new(score);
        if self.floor.is_some_and(|floor| *score < floor) && !self.always.contains(&document) {
            return;
        }
        self.matched += 1;
        let rows = self.rows;
        if !self.condition.accepts(rows, document) {
            return;
        }
        let mut failed = None;
        for (rank, filter) in self.filters.iter().enumerate() {
            if !filter.accepts(rows, document) {
                if failed.is_some() {
                    return;
                }
                failed = Some(rank);
            }
        }
        match failed {
            None => {
                let raises = self.raises.iter().filter(|(filter, _)| filter.accepts(rows, document));
                let raised = *score + raises.map(|(_, by)| by).sum::<Score>();
                self.top.add(rows, document, raised);
                self.passing.push(document);
            }
            Some(rank) => self.failing[rank].push(document),
        }
    }

    /// Counts what was seen since the last time.
    fn count(&mut self) {
        let rows = self.rows;
        self.total += self.passing.len() as u64;
        self.counts
            .iter_mut()
            .for_each(|counts| counts.add(rows, &self.passing));
        for (failing, counted) in self.failing.iter().zip(&self.counted) {
            if let Some(facet) = *counted {
                self.counts[facet].add(rows, failing);
            }
        }
        self.passing.clear();
        self.failing.iter_mut().for_each(Vec::clear);
    }

    fn harvest(mut self) -> SegmentMatches {
        self.count();
        SegmentMatches {
            matched: self.matched,
            total: self.total,
            hits: self.top.finish(),
            counts: self.counts,
        }
    }
}
