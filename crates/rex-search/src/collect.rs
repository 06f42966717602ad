//! The one pass over the matches: hits, total and the counts of every facet together.
//!
//! The engine gives the matches of the words; filters are tried here, because a facet is counted under every filter but
//! its own. A match that passes all filters is a hit and counts everywhere; one that fails a single filter counts for the
//! facet of that filter alone; the others count nowhere, nor do those that do not fulfil the condition.

use std::collections::HashSet;

use rex_index::Facet;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::Weight;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, DocSet, Score, SegmentOrdinal, SegmentReader, TERMINATED};

use crate::condition::SegmentCondition;
use crate::counts::{SegmentCounts, SegmentFilter};
use crate::deadline::Deadline;
use crate::request::{Condition, Filters, Selection, Sort};
use crate::top::{self, SegmentHits, SegmentTop};

/// Matches between two looks at the clock: less than a millisecond.
const BETWEEN_CHECKS: usize = 4_096;

/// What a pass is asked for.
pub(crate) struct Pass<'a> {
    pub(crate) filters: &'a Filters,
    /// What a match has to fulfil to count at all.
    pub(crate) condition: &'a Condition,
    pub(crate) facets: &'a [Facet],
    /// Different numbers kept of a range facet.
    pub(crate) max_numbers: usize,
    pub(crate) sort: Sort,
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
    /// What says which cases of a segment it raises.
    pub(crate) fn filter(&self, segment: &SegmentReader) -> tantivy::Result<SegmentFilter> {
        SegmentFilter::new(self.facet, std::slice::from_ref(&self.selection), segment)
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
    /// The counts of each facet asked for, in that order, segment by segment.
    pub(crate) counts: Vec<Vec<SegmentCounts>>,
}

pub(crate) struct SegmentPass {
    floor: Option<Score>,
    always: HashSet<DocId>,
    raises: Vec<(SegmentFilter, Score)>,
    matched: u64,
    total: u64,
    top: SegmentTop,
    condition: SegmentCondition,
    filters: Vec<SegmentFilter>,
    /// For each filter, the rank of its facet among those counted.
    counted: Vec<Option<usize>>,
    counts: Vec<SegmentCounts>,
}

pub(crate) struct SegmentMatches {
    matched: u64,
    total: u64,
    hits: SegmentHits,
    counts: Vec<SegmentCounts>,
}

impl Collector for Pass<'_> {
    type Fruit = Matches;
    type Child = SegmentPass;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentPass> {
        let filters = self
            .filters
            .iter()
            .map(|(facet, selections)| SegmentFilter::new(facet, selections, reader));
        let counted = self
            .filters
            .iter()
            .map(|(facet, _)| self.facets.iter().position(|counted| *counted == facet));
        let always = self.floor.iter().flat_map(|floor| &floor.always);
        let raises = self.raises.iter().map(|raise| Ok((raise.filter(reader)?, raise.by)));
        Ok(SegmentPass {
            floor: self.floor.map(|floor| floor.score),
            always: always
                .filter(|address| address.segment_ord == segment)
                .map(|address| address.doc_id)
                .collect(),
            raises: raises.collect::<tantivy::Result<_>>()?,
            matched: 0,
            total: 0,
            top: SegmentTop::new(segment, reader, self.sort, self.limit)?,
            condition: SegmentCondition::new(self.condition, reader)?,
            filters: filters.collect::<tantivy::Result<_>>()?,
            counted: counted.collect(),
            counts: self
                .facets
                .iter()
                .map(|facet| SegmentCounts::new(*facet, self.max_numbers, reader))
                .collect::<tantivy::Result<_>>()?,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance || self.floor.is_some()
    }

    /// As the engine does it, but for the deadline, which is looked at every few thousand matches.
    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentMatches> {
        let mut pass = self.for_segment(segment, reader)?;
        let mut scorer = weight.scorer(reader, 1.0)?;
        let alive = reader.alive_bitset();
        let is_alive = |document| alive.is_none_or(|alive| alive.is_alive(document));
        let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
        loop {
            self.deadline.check()?;
            if self.requires_scoring() {
                for _ in 0..BETWEEN_CHECKS {
                    let document = scorer.doc();
                    if document == TERMINATED {
                        return Ok(pass.harvest());
                    }
                    if is_alive(document) {
                        pass.collect(document, scorer.score());
                    }
                    scorer.advance();
                }
            } else {
                for _ in 0..BETWEEN_CHECKS / COLLECT_BLOCK_BUFFER_LEN {
                    let filled = scorer.fill_buffer(&mut buffer);
                    let alive = buffer[..filled].iter().filter(|document| is_alive(**document));
                    alive.for_each(|document| pass.collect(*document, 0.0));
                    if filled < buffer.len() {
                        return Ok(pass.harvest());
                    }
                }
            }
        }
    }

    fn merge_fruits(&self, segments: Vec<SegmentMatches>) -> tantivy::Result<Matches> {
        let matched = segments.iter().map(|segment| segment.matched).sum();
        let total = segments.iter().map(|segment| segment.total).sum();
        let mut hits = Vec::with_capacity(segments.len());
        let mut counts: Vec<Vec<SegmentCounts>> = self.facets.iter().map(|_| Vec::new()).collect();
        for segment in segments {
            hits.push(segment.hits);
            counts
                .iter_mut()
                .zip(segment.counts)
                .for_each(|(counts, count)| counts.push(count));
        }
        Ok(Matches {
            matched,
            total,
            hits: top::merge(hits, self.sort, self.limit)?,
            counts,
        })
    }
}

impl SegmentCollector for SegmentPass {
    type Fruit = SegmentMatches;

    fn collect(&mut self, document: DocId, score: Score) {
        if self.floor.is_some_and(|floor| score < floor) && !self.always.contains(&document) {
            return;
        }
        self.matched += 1;
        if !self.condition.accepts(document) {
            return;
        }
        let mut failed = None;
        for (rank, filter) in self.filters.iter().enumerate() {
            if !filter.accepts(document) {
                if failed.is_some() {
                    return;
                }
                failed = Some(rank);
            }
        }
        match failed {
            None => {
                self.total += 1;
                let raises = self.raises.iter().filter(|(filter, _)| filter.accepts(document));
                let raised = score + raises.map(|(_, by)| by).sum::<Score>();
                self.top.add(document, raised);
                self.counts.iter_mut().for_each(|counts| counts.add(document));
            }
            Some(rank) => {
                if let Some(facet) = self.counted[rank] {
                    self.counts[facet].add(document);
                }
            }
        }
    }

    fn harvest(self) -> SegmentMatches {
        SegmentMatches {
            matched: self.matched,
            total: self.total,
            hits: self.top.finish(),
            counts: self.counts,
        }
    }
}
