use std::hash::BuildHasher;

use foldhash::quality::FixedState;
use foldhash::{HashMap, HashMapExt};

/// Counts texts in bounded memory: when it is full, those counted least are forgotten, half of them or more.
///
/// A text that was forgotten and comes back is counted from one again, so that a count is never more than the truth, and
/// what is frequent keeps its count but for what it had when it was last forgotten (after "lossy counting", Manku and
/// Motwani, Approximate Frequency Counts over Data Streams, 2002).
pub(super) struct Counter {
    capacity: usize,
    counts: HashMap<Box<str>, Count>,
    /// The record being counted, by its rank, from 1.
    record: u32,
    /// Where only what a second record has is counted.
    once: Option<SeenOnce>,
    has_forgotten: bool,
}

/// What is known of the texts of one key.
pub(super) struct Count {
    /// Records that have one of them.
    pub(super) records: u32,
    /// The spelling of most of them.
    pub(super) text: Box<str>,
    /// Its hash, by which another one is told from it: two of one hash are taken for one, once in some billions.
    text_hash: u32,
    /// By how many records the spelling leads the others (the majority vote of Boyer and Moore: no spelling but the
    /// leading one is kept).
    lead: u32,
    /// The last record counted, by its rank.
    last: u32,
    /// The record, where there is one only and its id was given.
    pub(super) id: Option<Box<str>>,
}

impl Counter {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            counts: HashMap::new(),
            record: 0,
            once: None,
            has_forgotten: false,
        }
    }

    /// One that does not count what only one record has: most phrases are said once, and need no room.
    /// `once` is how many bytes of memory tell what one record had.
    pub(super) fn of_what_recurs(capacity: usize, once: usize) -> Self {
        Self {
            once: Some(SeenOnce::new(once / SeenOnce::BYTES)),
            ..Self::new(capacity)
        }
    }

    /// Goes on to the next record.
    pub(super) fn next_record(&mut self) {
        self.record = self.record.wrapping_add(1);
    }

    /// Counts the record for a text of this key, unless it has counted for the key already.
    pub(super) fn add(&mut self, key: &str, text: &str, id: Option<&str>) {
        if let Some(count) = self.counts.get_mut(key) {
            if count.last != self.record {
                count.last = self.record;
                count.add(text, hash_of(text));
            }
            return;
        }
        let records = match self.once.as_mut().map(|once| once.is_seen_again(key, self.record)) {
            None => 1,
            Some(true) => 2,
            Some(false) => return,
        };
        if self.counts.len() >= self.capacity {
            self.forget();
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

    /// Whether there were too many: of those that least have, the last ones are left then.
    pub(super) fn has_forgotten(&self) -> bool {
        self.has_forgotten
    }

    /// The keys and what is known of each, in no order.
    pub(super) fn into_counts(self) -> HashMap<Box<str>, Count> {
        self.counts
    }

    /// Ties go together, so that what is kept does not depend on the order of the map.
    fn forget(&mut self) {
        self.has_forgotten = true;
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

/// The keys that one record has, by their hashes, eight bytes each: those seen last, some two million of them in the usual memory
/// of a build. Two keys of one hash are taken for one, once in some billions.
struct SeenOnce {
    hashes: FixedState,
    /// The upper half of a hash, then the rank of the record, in buckets of [`Self::BUCKET`]; 0 where nothing was seen.
    seen: Vec<u64>,
}

impl SeenOnce {
    const BUCKET: usize = 4;
    /// Those of a bucket.
    const BYTES: usize = Self::BUCKET * size_of::<u64>();

    fn new(buckets: usize) -> Self {
        Self {
            hashes: FixedState::default(),
            seen: vec![0; buckets * Self::BUCKET],
        }
    }

    /// Whether another record than this one had the key, in which case it is forgotten; else it is remembered.
    fn is_seen_again(&mut self, key: &str, record: u32) -> bool {
        let hash = self.hashes.hash_one(key);
        let first = hash as usize % (self.seen.len() / Self::BUCKET) * Self::BUCKET;
        let bucket = &mut self.seen[first..first + Self::BUCKET];
        let now = hash >> 32 << 32 | u64::from(record);
        if let Some(seen) = bucket.iter_mut().find(|seen| **seen != 0 && (**seen ^ now) >> 32 == 0) {
            let is_again = *seen != now;
            if is_again {
                *seen = 0;
            }
            return is_again;
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
    fn what_recurs_is_counted_from_the_second_record_on() {
        let mut counter = Counter::of_what_recurs(4, 16 << 20);
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
    fn what_was_seen_last_is_remembered() {
        let mut once = SeenOnce::new(256);
        let key = |rank: u32| format!("rare {rank}");
        assert_eq!(
            (1..=10_000)
                .filter(|rank| once.is_seen_again(&key(*rank), *rank))
                .count(),
            0
        );
        let known = (9_901..=10_000).filter(|rank| once.is_seen_again(&key(*rank), 10_001));
        assert!(known.count() > 90);
        assert!(!once.is_seen_again(&key(1), 10_001), "it was forgotten");
    }

    #[test]
    fn forgets_what_is_rare() {
        let mut counter = Counter::new(4);
        for rank in 0..100 {
            counter.next_record();
            counter.add("tri", "tri", Some("a"));
            counter.add(&format!("rare {rank}"), "rare", None);
        }
        let counts = counter.into_counts();
        assert!(counts.len() <= 4, "{}", counts.len());
        assert_eq!(counts["tri"].records, 100);
        assert_eq!(counts["tri"].id, None);
    }

    #[test]
    fn counts_a_record_once() {
        let mut counter = Counter::new(4);
        for record in ["a", "b"] {
            counter.next_record();
            counter.add("tri", "tri", Some(record));
            counter.add("tri", "Tri", Some(record));
        }
        assert_eq!(counter.into_counts()["tri"].records, 2);
    }

    #[test]
    fn keeps_the_usual_spelling() {
        let mut counter = Counter::new(4);
        for text in ["DÉCHETS", "déchets", "déchets", "Déchets", "déchets"] {
            counter.next_record();
            counter.add("dechets", text, None);
        }
        assert_eq!(*counter.into_counts()["dechets"].text, *"déchets");
    }
}
