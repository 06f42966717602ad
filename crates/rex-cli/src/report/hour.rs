//! Collects the searches of one hour, and removes those sent while a longer word was being typed.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::counter::Asked;
use super::query::{key, shown};

/// Maximum number of distinct queries per hour; beyond it, the hour is treated as several.
const MAX_QUERIES: usize = 50_000;

/// The queries of one hour.
#[derive(Default)]
pub(super) struct Hour {
    queries: HashMap<String, Asked>,
}

impl Hour {
    /// Counts a search.
    pub(super) fn add(&mut self, query: &str, total: u64, is_narrowed: bool) {
        let asked = Asked::once(&shown(query), total, is_narrowed);
        self.queries
            .entry(key(query))
            .and_modify(|sum| sum.add(&asked))
            .or_insert(asked);
    }

    /// Whether the maximum number of queries is reached.
    pub(super) fn is_full(&self) -> bool {
        self.queries.len() >= MAX_QUERIES
    }

    /// Takes the finished queries out, and the number of searches for unfinished ones.
    ///
    /// A page that searches while typing logs `ins` and `insert` before `insertion`. So a query is unfinished if other queries of the
    /// same hour continue its last word, and have at least as many searches in total. The log does not identify visitors, so an
    /// intended query may be removed too; one that ends with a whole word, such as `tri` before `tri des déchets`, always stays.
    pub(super) fn take(&mut self) -> (HashMap<String, Asked>, u64) {
        let mut queries = std::mem::take(&mut self.queries);
        let unfinished: Vec<String> = unfinished(&queries).into_iter().map(str::to_owned).collect();
        let left_out = unfinished.iter().filter_map(|key| queries.remove(key));
        let searches = left_out.map(|asked| asked.searches).sum();
        (queries, searches)
    }
}

/// The keys whose last word other keys continue, with at least as many searches in total.
fn unfinished(queries: &HashMap<String, Asked>) -> HashSet<&str> {
    let mut longest_first: Vec<(&str, u64)> = queries
        .iter()
        .map(|(key, asked)| (key.as_str(), asked.searches))
        .collect();
    longest_first.sort_unstable_by_key(|(key, _)| Reverse(key.len()));
    let mut continued: HashMap<&str, u64> = HashMap::new();
    let mut unfinished = HashSet::new();
    for (key, searches) in longest_first {
        if continued.get(key).is_some_and(|longer| *longer >= searches) {
            unfinished.insert(key);
            continue;
        }
        for (end, next) in key.char_indices().skip(1) {
            let beginning = &key[..end];
            if next != ' ' && queries.contains_key(beginning) {
                *continued.entry(beginning).or_default() += searches;
            }
        }
    }
    unfinished
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(searches: &[(&str, u64)]) -> (Vec<(String, u64)>, u64) {
        let mut hour = Hour::default();
        for (query, count) in searches {
            (0..*count).for_each(|_| hour.add(query, 1, false));
        }
        let (queries, left_out) = hour.take();
        let mut queries: Vec<_> = queries.into_iter().map(|(key, asked)| (key, asked.searches)).collect();
        queries.sort();
        (queries, left_out)
    }

    #[test]
    fn unfinished_words_are_left_out() {
        let (queries, left_out) = taken(&[("ins", 2), ("Insert", 1), ("insertion", 1), ("insecte", 1), ("a", 1)]);
        assert_eq!(left_out, 3);
        assert_eq!(
            queries,
            [("a".into(), 1), ("insecte".into(), 1), ("insertion".into(), 1)]
        );
    }

    #[test]
    fn whole_words_and_more_frequent_queries_stay() {
        let (queries, left_out) = taken(&[
            ("tri", 1),
            ("tri des", 1),
            ("tri des déch", 1),
            ("tri des déchets", 1),
            ("bois", 3),
            ("boisson", 2),
        ]);
        let keys: Vec<&str> = queries.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(
            (keys, left_out),
            (vec!["bois", "boisson", "tri", "tri des", "tri des dechets"], 1)
        );
    }
}
