//! The best hits of a pass, in the requested order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rex_index::{FacetColumns, FacetRows, FacetSlot, Fields, SortOrdinals};
use rex_query::Facet;
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use rex_query::Sort;

/// A hit of one segment. The smallest comes first in the response.
#[derive(Debug, Clone, Copy, PartialEq)]
struct RankedHit {
    /// Sort key: smaller is better.
    key: u64,
    /// Id ordinal: breaks ties.
    id: u32,
    document: DocId,
    score: Score,
}

impl Eq for RankedHit {}

impl PartialOrd for RankedHit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RankedHit {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.key, self.id).cmp(&(other.key, other.id))
    }
}

/// Keeps the best hits of a segment.
pub(crate) struct SegmentTop<'a> {
    segment: SegmentOrdinal,
    limit: usize,
    order: Order,
    ordinals: &'a SortOrdinals,
    /// Max-heap: the worst hit is on top.
    kept: BinaryHeap<RankedHit>,
}

/// The source of the sort key.
enum Order {
    Score,
    /// The codes of a range facet, which are in the order of its numbers.
    Codes(FacetSlot, Direction),
    Numbers(Column<u64>, Direction),
    Title,
}

#[derive(Clone, Copy)]
enum Direction {
    Ascending,
    Descending,
}

/// Cases without a value come last.
const LAST: u64 = u64::MAX;

impl<'a> SegmentTop<'a> {
    pub(crate) fn new(
        segment: SegmentOrdinal,
        reader: &SegmentReader,
        facets: &FacetColumns,
        ordinals: &'a SortOrdinals,
        sort: Sort,
        limit: usize,
    ) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let codes = |facet, direction| Order::Codes(facets.table(facet).slot(), direction);
        let order = match sort {
            Sort::Relevance => Order::Score,
            Sort::Amount => codes(Facet::Montant, Direction::Ascending),
            Sort::AmountDescending => codes(Facet::Montant, Direction::Descending),
            Sort::Date => Order::Numbers(columns.u64(Fields::DATE)?, Direction::Ascending),
            Sort::DateDescending => Order::Numbers(columns.u64(Fields::DATE)?, Direction::Descending),
            Sort::Duration => codes(Facet::Duree, Direction::Ascending),
            Sort::DurationDescending => codes(Facet::Duree, Direction::Descending),
            Sort::Title => Order::Title,
        };
        Ok(Self {
            segment,
            limit,
            order,
            ordinals,
            kept: BinaryHeap::new(),
        })
    }

    /// Competitive score threshold: the score of the worst hit kept, once there are enough; 0 if hits are not ordered by score.
    pub(crate) fn least(&self) -> Score {
        match self.kept.peek() {
            Some(worst) if self.kept.len() == self.limit && matches!(self.order, Order::Score) => worst.score,
            _ => 0.0,
        }
    }

    pub(crate) fn add(&mut self, rows: FacetRows<'_>, document: DocId, score: Score) {
        let address = DocAddress::new(self.segment, document);
        let key = self.order.key(self.ordinals, rows, address, score);
        let is_full = self.kept.len() == self.limit;
        if is_full && self.kept.peek().is_none_or(|worst| key > worst.key) {
            return;
        }
        let candidate = RankedHit {
            key,
            id: self.ordinals.id_ordinal(address),
            document,
            score,
        };
        if !is_full {
            self.kept.push(candidate);
        } else if let Some(mut worst) = self.kept.peek_mut()
            && candidate < *worst
        {
            *worst = candidate;
        }
    }

    /// The hits kept, the best first.
    pub(crate) fn finish(self) -> SegmentHits {
        SegmentHits {
            segment: self.segment,
            candidates: self.kept.into_sorted_vec(),
        }
    }
}

impl Order {
    fn key(&self, ordinals: &SortOrdinals, rows: FacetRows<'_>, address: DocAddress, score: Score) -> u64 {
        let document = address.doc_id;
        match self {
            Self::Title => ordinals.title_ordinal(address).into(),
            // The bits of non-negative floats are in the order of the floats.
            Self::Score => u64::from(u32::MAX - score.max(0.0).to_bits()),
            Self::Codes(place, direction) => match rows.code(*place, document) {
                0 => LAST,
                code => direction.key(u64::from(code)),
            },
            Self::Numbers(column, direction) => column.first(document).map_or(LAST, |number| direction.key(number)),
        }
    }
}

impl Direction {
    fn key(self, number: u64) -> u64 {
        match self {
            Self::Ascending => number,
            Self::Descending => LAST - 1 - number,
        }
    }
}

/// The best hits of one segment.
pub(crate) struct SegmentHits {
    segment: SegmentOrdinal,
    candidates: Vec<RankedHit>,
}

/// The best hits of all segments, the best first.
pub(crate) fn merge(segments: Vec<SegmentHits>, limit: usize) -> Vec<(Score, DocAddress)> {
    let hits = segments.into_iter().flat_map(|hits| {
        let addressed = move |hit: RankedHit| (hit, DocAddress::new(hits.segment, hit.document));
        hits.candidates.into_iter().map(addressed)
    });
    let mut hits: Vec<_> = hits.collect();
    hits.sort_by_key(|(hit, _)| *hit);
    hits.truncate(limit);
    hits.into_iter().map(|(hit, address)| (hit.score, address)).collect()
}
