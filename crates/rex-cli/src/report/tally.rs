use std::collections::BTreeMap;

use super::MIN_SHARED;
use super::counter::{Asked, Counter};
use super::hour::Hour;
use super::lines::LoggedSearch;

/// Maximum number of distinct queries; beyond it the rarest are dropped.
const MAX_QUERIES: usize = 1_000_000;

/// Aggregates the searches of a log, in log order.
pub(crate) struct Tally {
    queries: Counter,
    /// Searches of the current hour.
    hour: Hour,
    at: Option<String>,
    total: Total,
}

/// The aggregated log.
#[derive(Default)]
pub(crate) struct Total {
    /// First and last hour, as in the lines.
    pub(crate) period: Option<(String, String)>,
    /// Searches counted.
    pub(crate) searches: u64,
    /// Searches without a hit.
    pub(crate) without_result: u64,
    /// Searches filtered by each facet, by facet name.
    pub(crate) facets: BTreeMap<String, u64>,
    /// Searches by month.
    pub(crate) months: BTreeMap<String, u64>,
    /// Queries with at least [`MIN_SHARED`] searches.
    pub(crate) queries: Vec<Asked>,
    /// Searches for other queries.
    pub(crate) rare: u64,
    /// Searches sent while a longer word was being typed; counted nowhere else.
    pub(crate) unfinished: u64,
    /// Damaged lines.
    pub(crate) damaged: u64,
    /// Whether queries were dropped because there were too many.
    pub(crate) has_dropped: bool,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            queries: Counter::new(MAX_QUERIES),
            hour: Hour::default(),
            at: None,
            total: Total::default(),
        }
    }

    /// Counts a line; `None` is a damaged one.
    pub(crate) fn add(&mut self, search: Option<LoggedSearch>) {
        let Some(search) = search else {
            self.total.damaged += 1;
            return;
        };
        if self.at.as_deref() != Some(&search.hour) || self.hour.is_full() {
            self.end_hour();
        }
        let period = &mut self.total.period;
        let (first, last) = period.get_or_insert_with(|| (search.hour.clone(), search.hour.clone()));
        if search.hour < *first {
            first.clone_from(&search.hour);
        }
        if search.hour > *last {
            last.clone_from(&search.hour);
        }
        for facet in &search.facets {
            *self.total.facets.entry(facet.clone()).or_default() += 1;
        }
        self.hour.add(&search.query, search.total, !search.facets.is_empty());
        self.at = Some(search.hour);
    }

    /// Ends the log.
    pub(crate) fn finish(mut self) -> Total {
        self.end_hour();
        let (queries, has_dropped) = self.queries.finish(MIN_SHARED);
        let shared: u64 = queries.iter().map(|asked| asked.searches).sum();
        Total {
            // `rare` has counted all searches with words so far.
            rare: self.total.rare - shared,
            queries,
            has_dropped,
            ..self.total
        }
    }

    fn end_hour(&mut self) {
        let Some(hour) = self.at.take() else {
            return;
        };
        let (queries, unfinished) = self.hour.take();
        self.total.unfinished += unfinished;
        let searches: u64 = queries.values().map(|asked| asked.searches).sum();
        self.total.searches += searches;
        *self.total.months.entry(hour[..7].to_owned()).or_default() += searches;
        for (key, asked) in queries {
            self.total.without_result += asked.without_result;
            if !key.is_empty() {
                self.total.rare += asked.searches;
                self.queries.add(key, asked);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(hour: &str, query: &str, facets: &[&str], total: u64) -> Option<LoggedSearch> {
        Some(LoggedSearch {
            hour: format!("2026-{hour}Z"),
            query: query.to_owned(),
            facets: facets.iter().map(|name| (*name).to_owned()).collect(),
            total,
        })
    }

    #[test]
    fn a_query_with_fewer_than_five_searches_is_not_shown() {
        let mut tally = Tally::new();
        for hour in ["10-31T23", "11-01T00", "11-01T01", "11-01T02"] {
            tally.add(search(hour, "Licorne", &[], 0));
            tally.add(search(hour, "secret", &["cpv"], 0));
        }
        tally.add(search("11-01T02", "licorne", &["cpv", "nature"], 0));
        tally.add(search("11-01T03", "", &["nature"], 7));
        tally.add(search("11-01T03", "ins", &[], 7));
        tally.add(search("11-01T03", "insertion", &[], 7));
        tally.add(None);
        let total = tally.finish();
        assert_eq!(total.queries.len(), 1);
        let licorne = &total.queries[0];
        assert_eq!(
            (licorne.spelling(), licorne.searches, licorne.missing),
            ("Licorne", 5, 4)
        );
        assert_eq!((total.searches, total.without_result), (11, 9));
        assert_eq!((total.rare, total.unfinished, total.damaged), (5, 1, 1));
        assert_eq!(
            total.facets,
            BTreeMap::from([("cpv".to_owned(), 5), ("nature".to_owned(), 2)])
        );
        assert_eq!(
            total.months,
            BTreeMap::from([("2026-10".to_owned(), 2), ("2026-11".to_owned(), 9)])
        );
        let period = total.period.unwrap();
        assert_eq!(
            (period.0.as_str(), period.1.as_str()),
            ("2026-10-31T23Z", "2026-11-01T03Z")
        );
    }

    #[test]
    fn an_empty_log_has_nothing() {
        let total = Tally::new().finish();
        assert!(total.period.is_none() && total.queries.is_empty() && total.searches == 0);
    }
}
