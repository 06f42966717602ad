//! Counts searches per query in bounded memory.

use std::collections::HashMap;

/// Maximum number of spellings counted per query.
const MAX_SPELLINGS: usize = 8;

/// The searches for one query, under all its spellings.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Number of searches.
    pub(crate) searches: u64,
    /// Searches without a hit and without a filter.
    pub(crate) missing: u64,
    /// Searches without a hit, with or without a filter.
    pub(super) without_result: u64,
    /// Sum of the numbers of hits.
    pub(super) found: u64,
    /// Spellings and their counts.
    spellings: Vec<(Box<str>, u64)>,
}

impl Asked {
    /// A single search.
    pub(super) fn once(spelling: &str, total: u64, is_narrowed: bool) -> Self {
        let without_result = u64::from(total == 0);
        Self {
            searches: 1,
            missing: if is_narrowed { 0 } else { without_result },
            without_result,
            found: total,
            spellings: vec![(spelling.into(), 1)],
        }
    }

    /// Adds the searches of `other`.
    pub(super) fn add(&mut self, other: &Self) {
        self.searches += other.searches;
        self.missing += other.missing;
        self.without_result += other.without_result;
        self.found = self.found.saturating_add(other.found);
        for (spelling, count) in &other.spellings {
            let known = self.spellings.iter().position(|(known, _)| known == spelling);
            match known {
                Some(index) => self.spellings[index].1 += count,
                None if self.spellings.len() < MAX_SPELLINGS => self.spellings.push((spelling.clone(), *count)),
                None => {}
            }
        }
    }

    /// Its most frequent spelling.
    pub(crate) fn spelling(&self) -> &str {
        let most = self.spellings.iter().max_by(|(one, count), (other, others)| {
            // Ties: the first in alphabetical order.
            count.cmp(others).then_with(|| other.cmp(one))
        });
        most.map_or("", |(spelling, _)| spelling)
    }

    /// Mean number of hits.
    pub(crate) fn mean_total(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "rounded for display")]
        let mean = self.found as f64 / self.searches.max(1) as f64;
        mean
    }
}

/// Counts of at most `capacity` queries. When full, it drops at least half of them, those with the fewest searches. A dropped query
/// that is searched again is counted from zero, so that a count is never too high.
pub(super) struct Counter {
    capacity: usize,
    queries: HashMap<String, Asked>,
    has_dropped: bool,
}

impl Counter {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            queries: HashMap::new(),
            has_dropped: false,
        }
    }

    /// Adds searches for a query.
    pub(super) fn add(&mut self, key: String, asked: Asked) {
        if let Some(known) = self.queries.get_mut(&key) {
            known.add(&asked);
            return;
        }
        if self.queries.len() >= self.capacity {
            self.drop_rarest();
        }
        self.queries.insert(key, asked);
    }

    /// The queries with at least `least` searches, and whether any queries were dropped.
    pub(super) fn finish(self, least: u64) -> (Vec<Asked>, bool) {
        let queries = self.queries.into_values();
        (
            queries.filter(|asked| asked.searches >= least).collect(),
            self.has_dropped,
        )
    }

    fn drop_rarest(&mut self) {
        let mut searches: Vec<u64> = self.queries.values().map(|asked| asked.searches).collect();
        let middle = searches.len() / 2;
        if middle < searches.len() {
            let least = *searches.select_nth_unstable(middle).1;
            self.queries.retain(|_, asked| asked.searches > least);
            self.has_dropped = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_queries_are_dropped() {
        let mut counter = Counter::new(4);
        for rank in 0..100 {
            counter.add("tri".to_owned(), Asked::once("tri", 1, false));
            counter.add(format!("rare {rank}"), Asked::once("rare", 1, false));
        }
        let (queries, has_dropped) = counter.finish(1);
        assert!(has_dropped && queries.len() <= 4);
        assert!(queries.iter().any(|asked| asked.searches == 100));
    }

    #[test]
    fn the_most_frequent_spelling_is_shown() {
        let mut asked = Asked::once("tri", 4, false);
        for (spelling, total) in [("Tri", 0), ("TRI", 2), ("Tri", 2)] {
            asked.add(&Asked::once(spelling, total, true));
        }
        assert_eq!((asked.spelling(), asked.mean_total()), ("Tri", 2.0));
        assert_eq!(
            (asked.without_result, asked.missing),
            (1, 0),
            "no hit under a filter is not a missing case"
        );
    }
}
