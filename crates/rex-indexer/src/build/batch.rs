//! Batches items between threads: waking a thread for each item costs more than the item.

use std::mem;

/// The next batch.
#[derive(Debug)]
pub(crate) struct Batch<T> {
    items: Vec<T>,
    bytes: usize,
}

impl<T> Batch<T> {
    /// A batch is full at this number of items or bytes.
    const MAX_ITEMS: usize = 64;
    const MAX_BYTES: usize = 1 << 20;

    /// Adds an item of `bytes` bytes; returns the batch if it is full.
    pub(crate) fn add(&mut self, item: T, bytes: usize) -> Option<Vec<T>> {
        self.items.push(item);
        self.bytes += bytes;
        (self.items.len() >= Self::MAX_ITEMS || self.bytes >= Self::MAX_BYTES).then(|| self.take())
    }

    /// Takes the items, full batch or not.
    pub(crate) fn take(&mut self) -> Vec<T> {
        mem::take(self).items
    }
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self {
            items: Vec::with_capacity(Self::MAX_ITEMS),
            bytes: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_items_are_batched_and_a_large_one_ends_a_batch() {
        let mut batch = Batch::default();
        let sizes: Vec<_> = (0..130)
            .filter_map(|item| batch.add(item, 10))
            .map(|items| items.len())
            .collect();
        assert_eq!(sizes, [64, 64]);
        assert_eq!(batch.add(130, Batch::<i32>::MAX_BYTES), Some(vec![128, 129, 130]));
        assert!(batch.take().is_empty());
    }
}
