//! The searches of one hour, in which what was typed on the way to a longer word is left out.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::counter::Asked;
use super::query::{key, shown};

/// Different queries of one hour; past it, the hour is taken as several.
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

    /// Whether it holds as many queries as it may.
    pub(super) fn is_full(&self) -> bool {
        self.queries.len() >= MAX_QUERIES
    }

    /// Takes its queries out: those that count, and how many searches were on the way to one of them.
    ///
    /// A page that searches as one types logs `ins` and `insert` before `insertion`. So a query that breaks off within a word of
    /// others is left out if these were searched as often, all together, in the same hour. Who searched is not known: a query
    /// that someone meant may be among those left out, which is why one that ends with a word, as `tri` of `tri des déchets`, stays.
    pub(super) fn take(&mut self) -> (HashMap<String, Asked>, u64) {
        let mut queries = std::mem::take(&mut self.queries);
        let unfinished: Vec<String> = unfinished(&queries).into_iter().map(str::to_owned).collect();
        let left_out = unfinished.iter().filter_map(|key| queries.remove(key));
        let searches = left_out.map(|asked| asked.searches).sum();
        (queries, searches)
    }
}

/// The keys that others go on from within a word, at least as often.
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
    fn what_was_typed_on_the_way_is_left_out() {
        let (queries, left_out) = taken(&[("ins", 2), ("Insert", 1), ("insertion", 1), ("insecte", 1), ("a", 1)]);
        assert_eq!(left_out, 3);
        assert_eq!(
            queries,
            [("a".into(), 1), ("insecte".into(), 1), ("insertion".into(), 1)]
        );
    }

    #[test]
    fn whole_words_and_what_is_searched_more_often_stay() {
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
