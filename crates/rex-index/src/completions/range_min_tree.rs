//! Finds the best of any stretch of a list without reading the stretch.
//!
//! Over a list of ranks, where less is better, stand levels of the least of every [`FANOUT`] below. The best of a stretch,
//! one after the other, are found by looking into those nodes only that hold them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// Nodes that one node of the level above stands for.
const FANOUT: usize = 16;

/// A list of ranks or a level over it: reads the rank at a place.
pub trait RankList {
    /// How many there are.
    fn len(&self) -> usize;
    /// The rank at a place within the length.
    fn at(&self, place: usize) -> u32;
}

/// The levels over a list, the lowest first; the last is one node, or there is none for a list of one or none.
pub fn levels(ranks: &[u32]) -> Vec<Vec<u32>> {
    let mut levels: Vec<Vec<u32>> = Vec::new();
    loop {
        let below = levels.last().map_or(ranks, Vec::as_slice);
        if below.len() <= 1 {
            return levels;
        }
        let level = below
            .chunks(FANOUT)
            .map(|nodes| nodes.iter().copied().min().unwrap_or(u32::MAX));
        levels.push(level.collect());
    }
}

/// The lengths of the levels over a list of a length.
pub fn level_lengths(mut length: usize) -> Vec<usize> {
    let mut lengths = Vec::new();
    while length > 1 {
        length = length.div_ceil(FANOUT);
        lengths.push(length);
    }
    lengths
}

/// Places of a stretch and their ranks, the least rank first.
pub struct Best<'a, R> {
    /// The list, then the levels over it.
    levels: &'a [R],
    open: BinaryHeap<Reverse<(u32, usize, usize)>>,
}

impl<'a, R: RankList> Best<'a, R> {
    /// Over a list and the levels over it, within a stretch of the list.
    pub fn new(levels: &'a [R], stretch: Range<usize>) -> Self {
        let mut best = Self {
            levels,
            open: BinaryHeap::new(),
        };
        let (mut start, mut end) = (stretch.start, stretch.end);
        for level in 0..levels.len() {
            while start < end && !start.is_multiple_of(FANOUT) {
                best.open(level, start);
                start += 1;
            }
            let is_top = level + 1 == levels.len();
            while start < end && (is_top || !end.is_multiple_of(FANOUT)) {
                end -= 1;
                best.open(level, end);
            }
            start /= FANOUT;
            end /= FANOUT;
        }
        best
    }

    fn open(&mut self, level: usize, at: usize) {
        if let Some(ranks) = self.levels.get(level).filter(|ranks| at < ranks.len()) {
            self.open.push(Reverse((ranks.at(at), level, at)));
        }
    }
}

impl<R: RankList> Iterator for Best<'_, R> {
    /// A place and its rank.
    type Item = (usize, u32);

    fn next(&mut self) -> Option<(usize, u32)> {
        while let Some(Reverse((rank, level, at))) = self.open.pop() {
            if level == 0 {
                return Some((at, rank));
            }
            (at * FANOUT..(at + 1) * FANOUT).for_each(|below| self.open(level - 1, below));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl RankList for Vec<u32> {
        fn len(&self) -> usize {
            self.as_slice().len()
        }

        fn at(&self, place: usize) -> u32 {
            self[place]
        }
    }

    #[test]
    fn the_best_of_a_stretch_are_those_of_a_sorted_copy() {
        for length in [0, 1, 2, 15, 16, 17, 255, 256, 257, 5_000] {
            let ranks: Vec<u32> = (0..length as u32)
                .map(|rank| rank.wrapping_mul(2_654_435_761) % 997)
                .collect();
            let above = levels(&ranks);
            assert_eq!(level_lengths(length), above.iter().map(Vec::len).collect::<Vec<_>>());
            let mut all = vec![ranks.clone()];
            all.extend(above);
            for stretch in [
                0..length,
                length / 3..length,
                1.min(length)..length / 2,
                length / 2..length / 2,
            ] {
                let stretch = stretch.start..stretch.end.max(stretch.start);
                let found: Vec<u32> = Best::new(&all, stretch.clone()).map(|(_, rank)| rank).collect();
                let mut expected = ranks[stretch.clone()].to_vec();
                expected.sort_unstable();
                assert_eq!(found, expected, "{stretch:?} of {length}");
                assert!(Best::new(&all, stretch).all(|(at, rank)| ranks[at] == rank));
            }
        }
    }
}
