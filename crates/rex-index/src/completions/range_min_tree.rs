//! A range-minimum tree: iterates over a range of a list in ascending order of value without reading the whole range.
//!
//! Each level holds the minimum of every `FANOUT` values of the level below. A heap opens only the nodes that contain the next minimum.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// Children of a node.
const FANOUT: usize = 16;

/// The list, or a level above it.
pub trait Level {
    /// Number of values.
    fn length(&self) -> usize;
    /// The value at an index below the length.
    fn at(&self, index: usize) -> u32;
}

/// The levels above a list, the lowest first. The last has one node; a list of fewer than two values has no level.
pub fn levels(values: &[u32]) -> Vec<Vec<u32>> {
    let mut levels: Vec<Vec<u32>> = Vec::new();
    loop {
        let below = levels.last().map_or(values, Vec::as_slice);
        if below.len() <= 1 {
            return levels;
        }
        let level = below
            .chunks(FANOUT)
            .map(|nodes| nodes.iter().copied().min().unwrap_or(u32::MAX));
        levels.push(level.collect());
    }
}

/// The lengths of [`levels`] for a list of the given length.
pub fn level_lengths(mut length: usize) -> Vec<usize> {
    let mut lengths = Vec::new();
    while length > 1 {
        length = length.div_ceil(FANOUT);
        lengths.push(length);
    }
    lengths
}

/// Iterates over the indexes of a range and their values, the least value first.
pub struct Best<'a, R> {
    /// The list, then its levels.
    levels: &'a [R],
    open: BinaryHeap<Reverse<(u32, usize, usize)>>,
}

impl<'a, R: Level> Best<'a, R> {
    /// Iterates over a range of the list. `levels` is the list, then its levels.
    pub fn new(levels: &'a [R], range: Range<usize>) -> Self {
        let mut best = Self {
            levels,
            open: BinaryHeap::new(),
        };
        let (mut start, mut end) = (range.start, range.end);
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
        if let Some(values) = self.levels.get(level).filter(|values| at < values.length()) {
            self.open.push(Reverse((values.at(at), level, at)));
        }
    }
}

impl<R: Level> Iterator for Best<'_, R> {
    /// An index and its value.
    type Item = (usize, u32);

    fn next(&mut self) -> Option<(usize, u32)> {
        while let Some(Reverse((value, level, at))) = self.open.pop() {
            if level == 0 {
                return Some((at, value));
            }
            (at * FANOUT..(at + 1) * FANOUT).for_each(|below| self.open(level - 1, below));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Level for Vec<u32> {
        fn length(&self) -> usize {
            self.as_slice().len()
        }

        fn at(&self, index: usize) -> u32 {
            self[index]
        }
    }

    #[test]
    fn a_range_is_iterated_as_a_sorted_copy() {
        for length in [0, 1, 2, 15, 16, 17, 255, 256, 257, 5_000] {
            let values: Vec<u32> = (0..length as u32)
                .map(|number| number.wrapping_mul(2_654_435_761) % 997)
                .collect();
            let above = levels(&values);
            assert_eq!(level_lengths(length), above.iter().map(Vec::len).collect::<Vec<_>>());
            let mut all = vec![values.clone()];
            all.extend(above);
            for range in [
                0..length,
                length / 3..length,
                1.min(length)..length / 2,
                length / 2..length / 2,
            ] {
                let range = range.start..range.end.max(range.start);
                let found: Vec<u32> = Best::new(&all, range.clone()).map(|(_, value)| value).collect();
                let mut expected = values[range.clone()].to_vec();
                expected.sort_unstable();
                assert_eq!(found, expected, "{range:?} of {length}");
                assert!(Best::new(&all, range).all(|(at, value)| values[at] == value));
            }
        }
    }
}
