use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Different strings of things, numbered as they are met: their things once, and some twelve bytes for each string.
#[derive(Default)]
pub(super) struct Interner<T> {
    /// Those of all strings, one after the other.
    things: Vec<T>,
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    hashes: RandomState,
}

impl<T: Copy + Eq + Hash> Interner<T> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Things of all of them.
    pub(super) fn things(&self) -> usize {
        self.things.len()
    }

    /// The string of a number that was given.
    pub(super) fn get(&self, number: u32) -> &[T] {
        string(&self.things, &self.ends, number)
    }

    /// All strings, in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len() as u32).map(|number| self.get(number))
    }

    /// The number of a string, from 0; `None` where all of them would have more things than four bytes count.
    pub(super) fn number(&mut self, met: &[T]) -> Option<u32> {
        let Self {
            things,
            ends,
            numbers,
            hashes,
        } = self;
        let hash = hashes.hash_one(met);
        let known = numbers.find(hash, |number| string(things, ends, *number) == met);
        if let Some(number) = known {
            return Some(*number);
        }
        let number = u32::try_from(ends.len()).ok()?;
        let end = u32::try_from(things.len() + met.len()).ok()?;
        things.extend(met);
        ends.push(end);
        numbers.insert_unique(hash, number, |number| hashes.hash_one(string(things, ends, *number)));
        Some(number)
    }
}

fn string<'a, T>(things: &'a [T], ends: &[u32], number: u32) -> &'a [T] {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &things[start as usize..ends[number] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_has_one_number() {
        let mut numbered = Interner::default();
        let strings: Vec<Vec<u32>> = (0..1_000)
            .map(|rank| (0..rank % 37).chain([rank / 2]).collect())
            .collect();
        let numbers: Vec<_> = strings.iter().map(|string| numbered.number(string).unwrap()).collect();
        let again: Vec<_> = strings.iter().map(|string| numbered.number(string).unwrap()).collect();
        assert_eq!(numbers, again);
        let mut different = strings.clone();
        different.sort();
        different.dedup();
        assert_eq!(numbered.len(), different.len());
        for (string, number) in strings.iter().zip(numbers) {
            assert_eq!(numbered.get(number), string);
        }
        let mut all: Vec<_> = numbered.iter().map(<[u32]>::to_vec).collect();
        assert_eq!(numbered.things(), all.iter().map(Vec::len).sum::<usize>());
        all.sort();
        assert_eq!(all, different);
    }
}
