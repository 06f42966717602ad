//! Counts the numbers of a range facet: by bucket, by bar of the histogram, and one by one.

use rex_index::FacetTable;
use rex_query::Facet;

use crate::facet::counts::ValueCounts;
use rex_query::{Bounds, Selection};
use rex_query::{Bucket, bars, steps};

/// The counts of a range facet.
#[derive(Debug, Clone)]
pub(crate) struct RangeCounts {
    facet: Facet,
    /// Lower bounds of cells: a cell is the intersection of a bucket and a bar, so that numbers are counted once for both.
    cells: Vec<u64>,
    /// The count of each cell.
    counts: Vec<u64>,
    min: Option<u64>,
    max: Option<u64>,
    pub(crate) missing: u64,
    /// The lowest numbers with their counts.
    numbers: Vec<(u64, u64)>,
}

impl RangeCounts {
    /// Counts the values of a facet; the lowest `max_numbers` also one by one.
    pub(crate) fn new(table: &FacetTable, values: &ValueCounts, max_numbers: usize) -> Self {
        let facet = table.facet();
        let mut cells = [steps(facet), bars(facet)].concat();
        cells.sort_unstable();
        cells.dedup();
        let ordinals = 0..table.values() as u32;
        let mut starts: Vec<u32> = cells.iter().map(|from| table.ordinal_from(*from)).collect();
        starts.push(ordinals.end);
        let number = |ordinal: u32| table.number(ordinal);
        let least = values.within(ordinals.clone()).take(max_numbers);
        Self {
            facet,
            counts: starts.windows(2).map(|cell| values.sum(cell[0]..cell[1])).collect(),
            cells,
            min: values.within(ordinals).next().and_then(|(ordinal, _)| number(ordinal)),
            max: values.last().and_then(number),
            missing: values.missing,
            numbers: least
                .filter_map(|(ordinal, count)| Some((number(ordinal)?, count)))
                .collect(),
        }
    }

    pub(crate) fn min(&self) -> Option<u64> {
        self.min
    }

    pub(crate) fn max(&self) -> Option<u64> {
        self.max
    }

    pub(crate) fn into_numbers(self) -> Vec<(u64, u64)> {
        self.numbers
    }

    /// Every bucket, empty or not.
    pub(crate) fn buckets(&self, selected: &[Selection]) -> Vec<Bucket> {
        self.between(steps(self.facet), selected)
    }

    /// The bars from that of the lowest number to that of the highest.
    pub(crate) fn histogram(&self, selected: &[Selection]) -> Vec<Bucket> {
        let mut bars = self.between(bars(self.facet), selected);
        let last = bars.iter().rposition(|bar| bar.count > 0).map_or(0, |last| last + 1);
        bars.truncate(last);
        let first = bars.iter().position(|bar| bar.count > 0).unwrap_or_default();
        bars.split_off(first)
    }

    /// The counts between these bounds, each of which is the lower bound of a cell.
    fn between(&self, starts: &[u64], selected: &[Selection]) -> Vec<Bucket> {
        let bucket = |(ordinal, from): (usize, &u64)| {
            let to = starts.get(ordinal + 1).copied();
            let bounds = Bounds::up_to(*from, to);
            let cells = self.cells.iter().zip(&self.counts);
            let within = cells.filter(|(cell, _)| bounds.contains(**cell));
            Bucket {
                from: *from,
                to,
                count: within.map(|(_, count)| count).sum(),
                selected: selected.contains(&Selection::Range(bounds)),
            }
        };
        starts.iter().enumerate().map(bucket).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ladder_begins_at_nothing_and_climbs() {
        for facet in [Facet::Montant, Facet::Duree] {
            for ladder in [steps(facet), bars(facet)] {
                assert_eq!(ladder[0], 0);
                assert!(ladder.is_sorted_by(|a, b| a < b));
            }
        }
    }
}
