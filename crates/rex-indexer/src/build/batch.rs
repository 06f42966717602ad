//! Things handed over from one thread to another, several at a time: to wake a thread for each takes as long as many of them.

use std::mem;

/// Those that are handed over next.
#[derive(Debug)]
pub(crate) struct Batch<T> {
    things: Vec<T>,
    bytes: usize,
}

impl<T> Batch<T> {
    /// Handed over together, at the most: so many, or the first ones that have so many bytes.
    const THINGS: usize = 64;
    const BYTES: usize = 1 << 20;

    /// Adds a thing of so many bytes; gives all of them when they are enough.
    pub(crate) fn add(&mut self, thing: T, bytes: usize) -> Option<Vec<T>> {
        self.things.push(thing);
        self.bytes += bytes;
        (self.things.len() >= Self::THINGS || self.bytes >= Self::BYTES).then(|| self.take())
    }

    /// Those there are, few as they may be.
    pub(crate) fn take(&mut self) -> Vec<T> {
        mem::take(self).things
    }
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self {
            things: Vec::with_capacity(Self::THINGS),
            bytes: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_small_ones_are_handed_over_together_and_a_large_one_at_once() {
        let mut batch = Batch::default();
        let handed: Vec<_> = (0..130)
            .filter_map(|rank| batch.add(rank, 10))
            .map(|things| things.len())
            .collect();
        assert_eq!(handed, [64, 64]);
        assert_eq!(batch.add(130, Batch::<i32>::BYTES), Some(vec![128, 129, 130]));
        assert!(batch.take().is_empty());
    }
}
