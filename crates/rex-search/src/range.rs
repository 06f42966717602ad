//! Counting the numbers of a range facet: by buckets, finer to draw, and one by one.

use std::collections::BTreeMap;

use rex_index::Facet;

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
    /// Where buckets or bars begin: a number is looked up once for both.
    cells: Vec<u64>,
    /// One a cell: numbers from where it begins up to the next.
    counts: Vec<u64>,
    min: Option<u64>,
    max: Option<u64>,
    pub(crate) missing: u64,
    /// The least numbers, so many of them.
    numbers: BTreeMap<u64, u64>,
    max_numbers: usize,
}

impl RangeCounts {
    pub(crate) fn new(facet: Facet, max_numbers: usize) -> Self {
        let mut cells = [steps(facet), bars(facet)].concat();
        cells.sort_unstable();
        cells.dedup();
        Self {
            facet,
            counts: vec![0; cells.len()],
            cells,
            min: None,
            max: None,
            missing: 0,
            numbers: BTreeMap::new(),
            max_numbers,
        }
    }

    pub(crate) fn add(&mut self, number: Option<u64>) {
        let Some(number) = number else {
            self.missing += 1;
            return;
        };
        // The first cell begins at 0, so a number always has one at or below it.
        let cell = self.cells.partition_point(|from| *from <= number).saturating_sub(1);
        self.counts[cell] += 1;
        self.min = Some(self.min.map_or(number, |min| min.min(number)));
        self.max = self.max.max(Some(number));
        self.add_number(number, 1);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.counts
            .iter_mut()
            .zip(&other.counts)
            .for_each(|(count, more)| *count += more);
        self.min = self.min.into_iter().chain(other.min).min();
        self.max = self.max.max(other.max);
        self.missing += other.missing;
        other
            .numbers
            .iter()
            .for_each(|(number, count)| self.add_number(*number, *count));
    }

    /// Counts a number, unless enough smaller ones are known: such a number never comes back among the least.
    fn add_number(&mut self, number: u64, count: u64) {
        if self.max_numbers == 0 {
            return;
        }
        let is_full = self.numbers.len() >= self.max_numbers;
        if is_full && self.numbers.last_key_value().is_some_and(|(last, _)| number > *last) {
            return;
        }
        *self.numbers.entry(number).or_default() += count;
        if self.numbers.len() > self.max_numbers {
            self.numbers.pop_last();
        }
    }

    pub(crate) fn min(&self) -> Option<u64> {
        self.min
    }

    pub(crate) fn max(&self) -> Option<u64> {
        self.max
    }

    pub(crate) fn numbers(&self) -> Vec<(u64, u64)> {
        self.numbers.iter().map(|(number, count)| (*number, *count)).collect()
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
    fn bars_and_buckets_count_the_same_numbers() {
        let mut amounts = RangeCounts::new(Facet::Montant, 2);
        for number in [12_772_100, 35_000_000, 159_000_000, 35_000_000] {
            amounts.add(Some(number));
        }
        amounts.add(None);
        let counts: Vec<u64> = amounts.buckets(&[]).iter().map(|bucket| bucket.count).collect();
        assert_eq!(counts, [0, 0, 1, 0, 2, 1, 0]);
        let bars = amounts.histogram(&[]);
        assert_eq!((bars[0].from, bars[0].to), (10_000_000, Some(16_000_000)));
        let counts: Vec<u64> = bars.iter().map(|bar| bar.count).collect();
        assert_eq!(counts, [1, 0, 2, 0, 0, 1]);
        assert_eq!(amounts.numbers(), [(12_772_100, 1), (35_000_000, 2)]);
        assert_eq!(amounts.missing, 1);
        assert_eq!(RangeCounts::new(Facet::Duree, 0).histogram(&[]), []);
    }

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
