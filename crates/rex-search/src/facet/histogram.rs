//! Counting the numbers of a range facet: by buckets, finer to draw, and one by one.

use rex_index::{Facet, FacetTable};

use crate::facet::counts::ValueCounts;
use crate::request::{Bounds, Selection};
use crate::response::Bucket;

/// Where the amount buckets begin, in cents before tax.
///
/// 40 000 €: from there on buyers publish the essential data of a contract (Code de la commande publique, R2196-1); until
/// décret 2025-1386 of 29 December 2025 competition was required from there on too (R2122-8). 90 000 €: formal publication
/// (R2131-12). European thresholds from 1 January 2026 (Delegated Regulation (EU) 2025/2152 of 22 October 2025): 140 000 €
/// for supplies and services of the State, 216 000 € for those of local authorities, 5 404 000 € for works. 1 M€: a round
/// figure between them.
const AMOUNT_STEPS: &[u64] = &[
    0,
    4_000_000,
    9_000_000,
    14_000_000,
    21_600_000,
    100_000_000,
    540_400_000,
];

/// Where the duration buckets begin, in months: half a year, then years up to the four of a framework agreement
/// (Code de la commande publique, L2125-1).
const DURATION_STEPS: &[u64] = &[0, 6, 12, 24, 36, 48];

/// Where the bars of the amounts begin, in cents: five to a decade, the preferred numbers R5 of ISO 3, as amounts that differ
/// by the same ratio are as far apart. A bar does not move from one search to the next.
const AMOUNT_BARS: &[u64] = &[
    0,
    100_000,
    160_000,
    250_000,
    400_000,
    630_000,
    1_000_000,
    1_600_000,
    2_500_000,
    4_000_000,
    6_300_000,
    10_000_000,
    16_000_000,
    25_000_000,
    40_000_000,
    63_000_000,
    100_000_000,
    160_000_000,
    250_000_000,
    400_000_000,
    630_000_000,
    1_000_000_000,
    1_600_000_000,
    2_500_000_000,
    4_000_000_000,
    6_300_000_000,
    10_000_000_000,
    16_000_000_000,
    25_000_000_000,
    40_000_000_000,
    63_000_000_000,
    100_000_000_000,
];

/// Where the bars of the durations begin, in months: quarters up to five years, then years up to ten.
const DURATION_BARS: &[u64] = &[
    0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60, 72, 84, 96, 108, 120,
];

/// Where the buckets of a range facet begin, in its unit; none for other facets.
pub fn steps(facet: Facet) -> &'static [u64] {
    match facet {
        Facet::Montant => AMOUNT_STEPS,
        Facet::Duree => DURATION_STEPS,
        _ => &[],
    }
}

/// Where the bars of the histogram of a range facet begin, in its unit; none for other facets.
pub fn bars(facet: Facet) -> &'static [u64] {
    match facet {
        Facet::Montant => AMOUNT_BARS,
        Facet::Duree => DURATION_BARS,
        _ => &[],
    }
}

/// The counts of a range facet.
#[derive(Debug, Clone)]
pub(crate) struct RangeCounts {
    facet: Facet,
    /// Where buckets or bars begin: numbers are counted once for both.
    cells: Vec<u64>,
    /// One a cell: numbers from where it begins up to the next.
    counts: Vec<u64>,
    min: Option<u64>,
    max: Option<u64>,
    pub(crate) missing: u64,
    /// The least numbers, so many as were asked for.
    numbers: Vec<(u64, u64)>,
}

impl RangeCounts {
    /// Those of a table of numbers, so many of which are told apart.
    pub(crate) fn new(table: &FacetTable, values: &ValueCounts, max_numbers: usize) -> Self {
        let facet = table.facet();
        let mut cells = [steps(facet), bars(facet)].concat();
        cells.sort_unstable();
        cells.dedup();
        let ranks = 0..table.values() as u32;
        let mut starts: Vec<u32> = cells.iter().map(|from| table.rank_from(*from)).collect();
        starts.push(ranks.end);
        let number = |rank: u32| table.number(rank);
        let least = values.within(ranks.clone()).take(max_numbers);
        Self {
            facet,
            counts: starts.windows(2).map(|cell| values.sum(cell[0]..cell[1])).collect(),
            cells,
            min: values.within(ranks).next().and_then(|(rank, _)| number(rank)),
            max: values.last().and_then(number),
            missing: values.missing,
            numbers: least.filter_map(|(rank, count)| Some((number(rank)?, count))).collect(),
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

    /// The bars from that of the least number to that of the most.
    pub(crate) fn histogram(&self, selected: &[Selection]) -> Vec<Bucket> {
        let mut bars = self.between(bars(self.facet), selected);
        let last = bars.iter().rposition(|bar| bar.count > 0).map_or(0, |last| last + 1);
        bars.truncate(last);
        let first = bars.iter().position(|bar| bar.count > 0).unwrap_or_default();
        bars.split_off(first)
    }

    /// The counts of the numbers from each of these on, up to the next; each is where a cell begins.
    fn between(&self, starts: &[u64], selected: &[Selection]) -> Vec<Bucket> {
        let bucket = |(rank, from): (usize, &u64)| {
            let to = starts.get(rank + 1).copied();
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
