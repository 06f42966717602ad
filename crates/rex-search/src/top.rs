//! The best hits of a pass, by whatever order was asked for.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rex_index::{Facet, FacetPlace, FacetRows, Facets, Fields};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::request::Sort;

/// A hit of one segment. The least comes first in the answer.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Candidate {
    /// What the order asked for makes of the hit: smaller is better.
    key: u64,
    /// Rank of its id among those of the segment: breaks ties.
    id: u64,
    document: DocId,
    score: Score,
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.key, self.id).cmp(&(other.key, other.id))
    }
}

/// Keeps the best hits of a segment.
pub(crate) struct SegmentTop {
    segment: SegmentOrdinal,
    limit: usize,
    order: Order,
    ids: Option<StrColumn>,
    /// The worst of those kept on top.
    kept: BinaryHeap<Candidate>,
}

/// Where a segment finds the values to sort by.
enum Order {
    Score,
    /// By the codes of a range facet, which are in the order of its numbers.
    Codes(FacetPlace, Direction),
    Numbers(Column<u64>, Direction),
    Title(Option<StrColumn>),
}

#[derive(Clone, Copy)]
enum Direction {
    Ascending,
    Descending,
}

/// Cases without a value come last.
const LAST: u64 = u64::MAX;

impl SegmentTop {
    pub(crate) fn new(
        segment: SegmentOrdinal,
        reader: &SegmentReader,
        facets: &Facets,
        sort: Sort,
        limit: usize,
    ) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let codes = |facet, direction| Order::Codes(facets.table(facet).place(), direction);
        let order = match sort {
            Sort::Relevance => Order::Score,
            Sort::Amount => codes(Facet::Montant, Direction::Ascending),
            Sort::AmountDescending => codes(Facet::Montant, Direction::Descending),
            Sort::Date => Order::Numbers(columns.u64(Fields::DATE)?, Direction::Ascending),
            Sort::DateDescending => Order::Numbers(columns.u64(Fields::DATE)?, Direction::Descending),
            Sort::Duration => codes(Facet::Duree, Direction::Ascending),
            Sort::DurationDescending => codes(Facet::Duree, Direction::Descending),
            Sort::Title => Order::Title(columns.str(Fields::TITLE_ORDER)?),
        };
        Ok(Self {
            segment,
            limit,
            order,
            ids: columns.str(Fields::ID)?,
            kept: BinaryHeap::new(),
        })
    }

    pub(crate) fn add(&mut self, rows: FacetRows<'_>, document: DocId, score: Score) {
        let key = self.order.key(rows, document, score);
        let is_full = self.kept.len() == self.limit;
        if is_full && self.kept.peek().is_none_or(|worst| key > worst.key) {
            return;
        }
        let id = self
            .ids
            .as_ref()
            .and_then(|ids| ids.ords().first(document))
            .unwrap_or(LAST);
        let candidate = Candidate {
            key,
            id,
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
            titles: match self.order {
                Order::Title(titles) => titles,
                _ => None,
            },
            ids: self.ids,
            candidates: self.kept.into_sorted_vec(),
        }
    }
}

impl Order {
    fn key(&self, rows: FacetRows<'_>, document: DocId, score: Score) -> u64 {
        match self {
            // The bits of numbers from 0 up grow with them.
            Self::Score => u64::from(u32::MAX - score.max(0.0).to_bits()),
            Self::Codes(place, direction) => match rows.code(*place, document) {
                0 => LAST,
                code => direction.key(u64::from(code)),
            },
            Self::Numbers(column, direction) => column.first(document).map_or(LAST, |number| direction.key(number)),
            Self::Title(column) => column
                .as_ref()
                .and_then(|titles| titles.ords().first(document))
                .unwrap_or(LAST),
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

/// The best hits of one segment, and what their ranks stand for.
pub(crate) struct SegmentHits {
    segment: SegmentOrdinal,
    titles: Option<StrColumn>,
    ids: Option<StrColumn>,
    candidates: Vec<Candidate>,
}

/// The best hits of all segments, the best first.
pub(crate) fn merge(
    mut segments: Vec<SegmentHits>,
    sort: Sort,
    limit: usize,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    if segments.len() == 1 {
        let hits = segments.remove(0);
        let address = |hit: &Candidate| (hit.score, DocAddress::new(hits.segment, hit.document));
        return Ok(hits.candidates.iter().map(address).collect());
    }
    let mut merged = Vec::new();
    for hits in &segments {
        for hit in &hits.candidates {
            // Ranks differ from segment to segment: what they stand for does not.
            let title = match sort {
                Sort::Title => text(hits.titles.as_ref(), hit.key)?,
                _ => String::new(),
            };
            let key = if sort == Sort::Title { 0 } else { hit.key };
            let id = text(hits.ids.as_ref(), hit.id)?;
            merged.push((key, title, id, hit.score, DocAddress::new(hits.segment, hit.document)));
        }
    }
    merged.sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
    merged.truncate(limit);
    Ok(merged
        .into_iter()
        .map(|(_, _, _, score, address)| (score, address))
        .collect())
}

fn text(column: Option<&StrColumn>, rank: u64) -> tantivy::Result<String> {
    let mut text = String::new();
    if let Some(column) = column {
        column.ord_to_str(rank, &mut text)?;
    }
    Ok(text)
}
