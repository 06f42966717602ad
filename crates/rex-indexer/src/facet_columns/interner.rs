//! Interning of strings and of sets.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Interns slices and numbers them in order of first occurrence. Memory: each distinct slice once, and some twelve bytes more.
#[derive(Default)]
pub(super) struct Interner<T> {
    /// All slices, concatenated.
    elements: Vec<T>,
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    hashes: RandomState,
}

impl<T: Copy + Eq + Hash> Interner<T> {
    /// Number of distinct slices.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Number of elements in all distinct slices.
    pub(super) fn elements(&self) -> usize {
        self.elements.len()
    }

    /// The slice with a number.
    pub(super) fn get(&self, number: u32) -> &[T] {
        slice_of(&self.elements, &self.ends, number)
    }

    /// All slices in order of number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len() as u32).map(|number| self.get(number))
    }

    /// The number of a slice, from 0; `None` if all slices would have more than 2^32 elements.
    pub(super) fn number(&mut self, slice: &[T]) -> Option<u32> {
        let Self {
            elements,
            ends,
            numbers,
            hashes,
        } = self;
        let hash = hashes.hash_one(slice);
        let known = numbers.find(hash, |number| slice_of(elements, ends, *number) == slice);
        if let Some(number) = known {
            return Some(*number);
        }
        let number = u32::try_from(ends.len()).ok()?;
        let end = u32::try_from(elements.len() + slice.len()).ok()?;
        elements.extend(slice);
        ends.push(end);
        numbers.insert_unique(hash, number, |number| {
            hashes.hash_one(slice_of(elements, ends, *number))
        });
        Some(number)
    }
}

fn slice_of<'a, T>(elements: &'a [T], ends: &[u32], number: u32) -> &'a [T] {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &elements[start as usize..ends[number] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_has_one_number() {
        let mut interner = Interner::default();
        let strings: Vec<Vec<u32>> = (0..1_000)
            .map(|number| (0..number % 37).chain([number / 2]).collect())
            .collect();
        let numbers: Vec<_> = strings.iter().map(|string| interner.number(string).unwrap()).collect();
        let again: Vec<_> = strings.iter().map(|string| interner.number(string).unwrap()).collect();
        assert_eq!(numbers, again);
        let mut different = strings.clone();
        different.sort();
        different.dedup();
        assert_eq!(interner.len(), different.len());
        for (string, number) in strings.iter().zip(numbers) {
            assert_eq!(interner.get(number), string);
        }
        let mut all: Vec<_> = interner.iter().map(<[u32]>::to_vec).collect();
        assert_eq!(interner.elements(), all.iter().map(Vec::len).sum::<usize>());
        all.sort();
        assert_eq!(all, different);
    }
}
