//! Counting in bounded memory.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;
use foldhash::{HashMap, HashMapExt};

/// Counts the records that contain each key, in bounded memory. When it is full, it drops the half of the keys with the lowest counts, or
/// more on ties.
///
/// A dropped key that occurs again is counted from one, so a count is a lower bound: it lacks what the key had when it was last dropped
/// (after lossy counting: Manku and Motwani, Approximate Frequency Counts over Data Streams, 2002).
pub(super) struct LossyCounter {
    capacity: usize,
    counts: HashMap<Box<str>, Count>,
    /// Number of the current record, from 1.
    record: u32,
    /// If set, a key is counted from its second record on.
    once: Option<SeenOnce>,
    has_dropped: bool,
}

/// The count of a key.
pub(super) struct Count {
    /// Number of records.
    pub(super) records: u32,
    /// The most frequent spelling, by majority vote.
    pub(super) text: Box<str>,
    /// Its hash. Two spellings with equal hashes count as one.
    text_hash: u32,
    /// Lead of the spelling over the others (majority vote of Boyer and Moore, which keeps the leader only).
    lead: u32,
    /// Number of the last record counted.
    last: u32,
    /// Id of the record, if there is only one and its id was given.
    pub(super) id: Option<Box<str>>,
}

impl LossyCounter {
    /// Counts up to `capacity` keys at a time.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            counts: HashMap::new(),
            record: 0,
            once: None,
            has_dropped: false,
        }
    }

    /// Counts only keys that occur in a second record: most phrases occur once, and then take no room. `once` is the memory in bytes for
    /// finding second occurrences.
    pub(super) fn of_recurring(capacity: usize, once: usize) -> Self {
        Self {
            once: Some(SeenOnce::new(once / SeenOnce::BYTES)),
            ..Self::new(capacity)
        }
    }

    /// Starts the next record.
    pub(super) fn next_record(&mut self) {
        self.record = self.record.wrapping_add(1);
    }

    /// Counts the current record for a key, once.
    pub(super) fn add(&mut self, key: &str, text: &str, id: Option<&str>) {
        if let Some(count) = self.counts.get_mut(key) {
            if count.last != self.record {
                count.last = self.record;
                count.add(text, hash_of(text));
            }
            return;
        }
        let records = match self.once.as_mut().map(|once| once.is_second(key, self.record)) {
            None => 1,
            Some(true) => 2,
            Some(false) => return,
        };
        if self.counts.len() >= self.capacity {
            self.drop_rare();
        }
        let count = Count {
            records,
            text: text.into(),
            text_hash: hash_of(text),
            lead: 1,
            last: self.record,
            id: id.map(Into::into),
        };
        self.counts.insert(key.into(), count);
    }

    /// Whether keys were dropped. Of the rarest keys, only late ones are then left.
    pub(super) fn has_dropped(&self) -> bool {
        self.has_dropped
    }

    /// All counts, unordered.
    pub(super) fn into_counts(self) -> HashMap<Box<str>, Count> {
        self.counts
    }

    /// Drops ties together, so that the result does not depend on the order of the map.
    fn drop_rare(&mut self) {
        self.has_dropped = true;
        let mut records: Vec<u32> = self.counts.values().map(|count| count.records).collect();
        let middle = records.len() / 2;
        if middle < records.len() {
            let (_, least, _) = records.select_nth_unstable(middle);
            let least = *least;
            self.counts.retain(|_, count| count.records > least);
        }
    }
}

impl Count {
    fn add(&mut self, text: &str, text_hash: u32) {
        self.records = self.records.saturating_add(1);
        self.id = None;
        if self.text_hash == text_hash {
            self.lead += 1;
        } else if self.lead > 0 {
            self.lead -= 1;
        } else {
            self.text = text.into();
            self.text_hash = text_hash;
            self.lead = 1;
        }
    }
}

fn hash_of(text: &str) -> u32 {
    FixedState::default().hash_one(text) as u32
}

/// Keys that occurred in one record: a cache of hashes of eight bytes, some two million in the default memory budget. Keys with equal
/// hashes count as one.
struct SeenOnce {
    hashes: FixedState,
    /// The upper half of a hash and the number of the record, in buckets of [`Self::BUCKET`]; 0 for a free entry.
    seen: Vec<u64>,
}

impl SeenOnce {
    const BUCKET: usize = 4;
    /// Bytes of a bucket.
    const BYTES: usize = Self::BUCKET * size_of::<u64>();

    fn new(buckets: usize) -> Self {
        Self {
            hashes: FixedState::default(),
            seen: vec![0; buckets * Self::BUCKET],
        }
    }

    /// Whether another record had the key, which is then removed; otherwise adds it in place of the oldest of its bucket.
    fn is_second(&mut self, key: &str, record: u32) -> bool {
        let hash = self.hashes.hash_one(key);
        let first = hash as usize % (self.seen.len() / Self::BUCKET) * Self::BUCKET;
        let bucket = &mut self.seen[first..first + Self::BUCKET];
        let now = hash >> 32 << 32 | u64::from(record);
        if let Some(seen) = bucket.iter_mut().find(|seen| **seen != 0 && (**seen ^ now) >> 32 == 0) {
            let is_other = *seen != now;
            if is_other {
                *seen = 0;
            }
            return is_other;
        }
        if let Some(oldest) = bucket.iter_mut().min_by_key(|seen| **seen as u32) {
            *oldest = now;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recurring_keys_are_counted_from_the_second_record_on() {
        let mut counter = LossyCounter::of_recurring(4, 16 << 20);
        for record in 0..10_000 {
            counter.next_record();
            counter.add(&format!("rare {record}"), "rare", None);
            counter.add(&format!("rare {record}"), "rare", None);
            if record % 1_000 == 0 {
                counter.add("tri", "Tri", None);
            }
        }
        let counts = counter.into_counts();
        assert_eq!((counts.len(), counts["tri"].records), (1, 10));
    }

    #[test]
    fn the_latest_keys_are_found() {
        let mut once = SeenOnce::new(256);
        let key = |number: u32| format!("rare {number}");
        assert_eq!(
            (1..=10_000)
                .filter(|number| once.is_second(&key(*number), *number))
                .count(),
            0
        );
        let known = (9_901..=10_000).filter(|number| once.is_second(&key(*number), 10_001));
        assert!(known.count() > 90);
        assert!(!once.is_second(&key(1), 10_001), "it was replaced");
    }

    #[test]
    fn rare_keys_are_dropped() {
        let mut counter = LossyCounter::new(4);
        for number in 0..100 {
            counter.next_record();
            counter.add("tri", "tri", Some("a"));
            counter.add(&format!("rare {number}"), "rare", None);
        }
        let counts = counter.into_counts();
        assert!(counts.len() <= 4, "{}", counts.len());
        assert_eq!(counts["tri"].records, 100);
        assert_eq!(counts["tri"].id, None);
    }

    #[test]
    fn counts_a_record_once() {
        let mut counter = LossyCounter::new(4);
        for record in ["a", "b"] {
            counter.next_record();
            counter.add("tri", "tri", Some(record));
            counter.add("tri", "Tri", Some(record));
        }
        assert_eq!(counter.into_counts()["tri"].records, 2);
    }

    #[test]
    fn keeps_the_usual_spelling() {
        let mut counter = LossyCounter::new(4);
        for text in ["DÉCHETS", "déchets", "déchets", "Déchets", "déchets"] {
            counter.next_record();
            counter.add("dechets", text, None);
        }
        assert_eq!(*counter.into_counts()["dechets"].text, *"déchets");
    }
}
