//! Counts by code, as words or as bytes.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

/// The count of each code.
pub(super) enum DenseCounts {
    Words(Vec<u32>),
    /// For many codes with mostly small counts: a quarter of the memory to allocate and to scan.
    Bytes(ByteCounts),
}

/// Counts of a byte each; the few large ones are in a map.
pub(super) struct ByteCounts {
    /// By code: the count, or [`Self::HIGH`] if it is in `high`.
    low: Vec<u8>,
    /// Counts from [`Self::HIGH`] up.
    high: HashMap<usize, u32>,
}

impl ByteCounts {
    const HIGH: u8 = u8::MAX;

    /// Counts modulo 256, and the codes whose count overflowed, once per overflow.
    pub(super) fn new(mut low: Vec<u8>, overflows: Vec<u32>) -> Self {
        let mut high = HashMap::new();
        for code in overflows {
            *high.entry(code as usize).or_default() += 1 << u8::BITS;
        }
        for (code, count) in &mut high {
            if let Some(low) = low.get_mut(*code) {
                *count += u32::from(*low);
                *low = Self::HIGH;
            }
        }
        Self { low, high }
    }

    fn get(&self, code: usize) -> u32 {
        match self.low.get(code) {
            Some(&Self::HIGH) => self.high.get(&code).copied().unwrap_or(Self::HIGH.into()),
            low => low.copied().unwrap_or_default().into(),
        }
    }

    #[inline]
    fn add(&mut self, code: usize, more: u32) -> bool {
        let Some(low) = self.low.get_mut(code) else {
            return false;
        };
        match u8::try_from(u32::from(*low).saturating_add(more)) {
            Ok(sum) if sum < Self::HIGH => *low = sum,
            _ => {
                let before = u32::from(*low);
                *low = Self::HIGH;
                *self.high.entry(code).or_insert(before) += more;
            }
        }
        true
    }
}

impl DenseCounts {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Words(counts) => counts.len(),
            Self::Bytes(counts) => counts.low.len(),
        }
    }

    /// The count of a code; 0 past the last code.
    pub(super) fn get(&self, code: usize) -> u32 {
        match self {
            Self::Words(counts) => counts.get(code).copied().unwrap_or_default(),
            Self::Bytes(counts) => counts.get(code),
        }
    }

    /// Adds to the count of a code; `false` if there is no such code.
    #[inline]
    pub(super) fn add(&mut self, code: usize, more: u32) -> bool {
        match self {
            Self::Words(counts) => counts.get_mut(code).map(|count| *count += more).is_some(),
            Self::Bytes(counts) => counts.add(code, more),
        }
    }

    /// Splits off the counts of all codes from this one on.
    pub(super) fn split_off(&mut self, code: usize) -> Self {
        match self {
            Self::Words(counts) => Self::Words(counts.split_off(code.min(counts.len()))),
            Self::Bytes(counts) => {
                let low = counts.low.split_off(code.min(counts.low.len()));
                let high = counts.high.extract_if(|known, _| *known >= code);
                let high = high.map(|(known, count)| (known - code, count)).collect();
                Self::Bytes(ByteCounts { low, high })
            }
        }
    }

    /// The codes of a range whose count is not 0, in order, with their counts.
    pub(super) fn within(&self, codes: Range<usize>) -> impl Iterator<Item = (usize, u32)> {
        let (words, bytes) = self.slices(&codes);
        let first = codes.start;
        let words = words.iter().enumerate().filter(|(_, count)| **count > 0);
        let words = words.map(move |(at, count)| (first + at, *count));
        let bytes = bytes.iter().enumerate().filter(|(_, low)| **low > 0);
        let bytes = bytes.map(move |(at, low)| match *low {
            ByteCounts::HIGH => (first + at, self.get(first + at)),
            low => (first + at, low.into()),
        });
        words.chain(bytes)
    }

    /// The sum of the counts of a range.
    pub(super) fn sum(&self, codes: Range<usize>) -> u64 {
        let (words, bytes) = self.slices(&codes);
        let low: u64 = bytes.iter().map(|count| u64::from(*count)).sum();
        let high: u64 = match self {
            Self::Words(_) => 0,
            Self::Bytes(counts) => {
                let above = counts.high.iter().filter(|(code, _)| codes.contains(code));
                above
                    .map(|(_, count)| u64::from(count - u32::from(ByteCounts::HIGH)))
                    .sum()
            }
        };
        words.iter().map(|count| u64::from(*count)).sum::<u64>() + low + high
    }

    /// The highest code, from one on, whose count is not 0.
    pub(super) fn last(&self, from: usize) -> Option<usize> {
        let (words, bytes) = self.slices(&(from..self.len()));
        let word = words.iter().rposition(|count| *count > 0);
        word.or_else(|| bytes.iter().rposition(|count| *count > 0))
            .map(|at| from + at)
    }

    /// The number of codes, from one on, whose count is not 0.
    pub(super) fn distinct(&self, from: usize) -> usize {
        let (words, bytes) = self.slices(&(from..self.len()));
        words.iter().filter(|count| **count > 0).count() + bytes.iter().filter(|count| **count > 0).count()
    }

    /// The counters of a range; one of the two slices is empty.
    fn slices(&self, codes: &Range<usize>) -> (&[u32], &[u8]) {
        let codes = codes.start..codes.end.min(self.len());
        match self {
            Self::Words(counts) => (counts.get(codes).unwrap_or_default(), &[]),
            Self::Bytes(counts) => (&[], counts.low.get(codes).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_count_as_words_do(
            counts in proptest::collection::vec(prop_oneof![Just(0_u32), 1..4_u32, 250..260_u32, 500..1_300_u32], 0..200),
            more in proptest::collection::vec((0..250_usize, 1..600_u32), 0..20),
            kept in 0..210_usize,
            range in (0..220_usize, 0..220_usize),
        ) {
            let low = counts.iter().map(|count| *count as u8).collect();
            let full = counts.iter().zip(0..).flat_map(|(count, code)| (0..count >> 8).map(move |_| code)).collect();
            let mut bytes = DenseCounts::Bytes(ByteCounts::new(low, full));
            let mut words = DenseCounts::Words(counts);
            for (code, more) in more {
                prop_assert_eq!(bytes.add(code, more), words.add(code, more));
            }
            let (bytes_from, words_from) = (bytes.split_off(kept), words.split_off(kept));
            prop_assert!(bytes_from.within(0..220).eq(words_from.within(0..220)));
            prop_assert_eq!(bytes.len(), words.len());
            prop_assert!((0..220).all(|code| bytes.get(code) == words.get(code)));
            let range = range.0..range.1;
            prop_assert!(bytes.within(range.clone()).eq(words.within(range.clone())), "{:?}", range);
            let of = |counts: &DenseCounts| (counts.sum(range.clone()), counts.last(range.start), counts.distinct(range.start));
            prop_assert_eq!(of(&bytes), of(&words));
        }
    }
}
