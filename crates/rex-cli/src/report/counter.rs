//! How often each query was asked, in bounded memory.

use std::collections::HashMap;

/// Spellings of one query that are told apart.
const MAX_SPELLINGS: usize = 8;

/// What is known of the searches for one query.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// How many there were.
    pub(crate) searches: u64,
    /// Those without a result that were narrowed by nothing but the words.
    pub(crate) missing: u64,
    /// Those without a result, narrowed or not.
    pub(super) without_result: u64,
    /// Cases found by all of them.
    pub(super) found: u64,
    /// How it was typed, and how often.
    spellings: Vec<(Box<str>, u64)>,
}

impl Asked {
    /// One search.
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

    /// Adds the searches of another.
    pub(super) fn add(&mut self, other: &Self) {
        self.searches += other.searches;
        self.missing += other.missing;
        self.without_result += other.without_result;
        self.found = self.found.saturating_add(other.found);
        for (spelling, count) in &other.spellings {
            let known = self.spellings.iter().position(|(known, _)| known == spelling);
            match known {
                Some(rank) => self.spellings[rank].1 += count,
                None if self.spellings.len() < MAX_SPELLINGS => self.spellings.push((spelling.clone(), *count)),
                None => {}
            }
        }
    }

    /// Its most frequent spelling.
    pub(crate) fn spelling(&self) -> &str {
        let most = self.spellings.iter().max_by(|(one, count), (other, others)| {
            // Of two as frequent, the first in the alphabet.
            count.cmp(others).then_with(|| other.cmp(one))
        });
        most.map_or("", |(spelling, _)| spelling)
    }

    /// Cases found by one of them, on the mean.
    pub(crate) fn mean_total(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "a mean to be read")]
        let mean = self.found as f64 / self.searches.max(1) as f64;
        mean
    }
}

/// Queries and their searches, at most so many: where there are more, those asked least are forgotten, half of them or more. One
/// that comes back is counted from there, so that no count is more than the truth.
pub(super) struct Counter {
    capacity: usize,
    queries: HashMap<String, Asked>,
    has_forgotten: bool,
}

impl Counter {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            queries: HashMap::new(),
            has_forgotten: false,
        }
    }

    /// Adds searches for a query.
    pub(super) fn add(&mut self, key: String, asked: Asked) {
        if let Some(known) = self.queries.get_mut(&key) {
            known.add(&asked);
            return;
        }
        if self.queries.len() >= self.capacity {
            self.forget();
        }
        self.queries.insert(key, asked);
    }

    /// Those asked so often at least, the others left out, and whether any were forgotten before.
    pub(super) fn finish(self, least: u64) -> (Vec<Asked>, bool) {
        let queries = self.queries.into_values();
        (
            queries.filter(|asked| asked.searches >= least).collect(),
            self.has_forgotten,
        )
    }

    fn forget(&mut self) {
        let mut searches: Vec<u64> = self.queries.values().map(|asked| asked.searches).collect();
        let middle = searches.len() / 2;
        if middle < searches.len() {
            let least = *searches.select_nth_unstable(middle).1;
            self.queries.retain(|_, asked| asked.searches > least);
            self.has_forgotten = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_are_forgotten() {
        let mut counter = Counter::new(4);
        for rank in 0..100 {
            counter.add("tri".to_owned(), Asked::once("tri", 1, false));
            counter.add(format!("rare {rank}"), Asked::once("rare", 1, false));
        }
        let (queries, has_forgotten) = counter.finish(1);
        assert!(has_forgotten && queries.len() <= 4);
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
            "narrowed to nothing is no missing case"
        );
    }
}
