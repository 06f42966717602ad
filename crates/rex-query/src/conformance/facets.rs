//! Checks of counts and of the values of facets.

use std::collections::{BTreeMap, BTreeSet};

use rex_corpus::Record;

use super::hits::check_marks;
use super::{Conformance, oracle};
use crate::buckets::{bars, steps};
use crate::facet::{Facet, FacetKind, PATH_SEPARATOR};
use crate::facet_counts::{Bucket, FacetCounts, TreeValue};
use crate::facet_values::FacetQuery;
use crate::request::{MAX_VALUES, SearchRequest, Selection};
use crate::response::SearchResponse;

impl Conformance<'_> {
    /// The counts of every facet asked for, each under the filters of the others.
    pub(super) fn check_facets(&self, request: &SearchRequest, response: &SearchResponse) {
        let counted: Vec<Facet> = response.facets.iter().map(|(facet, _)| *facet).collect();
        assert_eq!(counted, request.facets);
        for (facet, counts) in &response.facets {
            check_facet(*facet, counts, &self.under_other_filters(request, *facet), request);
        }
    }

    /// Checks that looking for `words` among the values of a facet gives those that hold them, with the counts of the search.
    ///
    /// # Panics
    /// See [`crate::conformance`].
    pub fn check_values(&self, request: &SearchRequest, facet: Facet, words: &str) {
        let matching = self.under_other_filters(request, facet);
        let selected: Vec<_> = request.filters.of(facet).iter().filter_map(value_of).collect();
        let mut all = oracle::counts(facet, &matching);
        for value in &selected {
            all.entry((*value).to_owned()).or_default();
        }
        let missing = matching.iter().filter(|record| oracle::lacks(record, facet)).count() as u64;
        let levels = match facet.kind() {
            FacetKind::Hierarchy => vec![None, Some(0), Some(1), Some(facet.levels() - 1)],
            FacetKind::Terms | FacetKind::Range => vec![None],
        };
        for level in levels {
            let query = FacetQuery {
                facet,
                words: words.to_owned(),
                level,
                offset: 0,
                limit: MAX_VALUES,
            };
            let mut expected = all.clone();
            expected.retain(|path, _| {
                let label = (self.label)(facet, path);
                oracle::folded(name(path)).contains(words) || label.is_some_and(|label| label.contains(words))
            });
            expected.retain(|path, _| level.is_none_or(|level| facet.level(path) == level));
            let found = self.backend.facet_values(request, &query).expect("values");
            assert_eq!(
                (found.total, found.missing),
                (expected.len() as u64, missing),
                "{query:?}"
            );
            for value in &found.values {
                check_marks(&value.name);
                value.label.iter().for_each(check_marks);
                assert_eq!(value.name.text, name(&value.path), "{query:?}");
                assert_eq!(value.selected, selected.contains(&value.path.as_str()), "{query:?}");
            }
            let counts = found.values.into_iter().map(|value| (value.path, value.count));
            assert_eq!(counts.collect::<BTreeMap<_, _>>(), expected, "{query:?}");
        }
    }

    fn under_other_filters(&self, request: &SearchRequest, facet: Facet) -> Vec<&Record> {
        oracle::matching(self.records, request, Some(facet))
    }
}

fn value_of(selection: &Selection) -> Option<&str> {
    match selection {
        Selection::Value(value) => Some(value),
        Selection::Range(_) | Selection::Missing => None,
    }
}

/// Each level has its most frequent values.
fn check_levels(facet: Facet, levels: &[Vec<(String, u64)>], counts: &BTreeMap<String, u64>, most: usize) {
    let mut expected = vec![Vec::new(); if most > 0 { facet.levels() } else { 0 }];
    for (level, values) in expected.iter_mut().enumerate() {
        let of_level = counts.iter().filter(|(path, _)| facet.level(path) == level);
        values.extend(of_level.map(|(path, count)| (path.clone(), *count)));
        values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        values.truncate(most);
    }
    assert_eq!(levels, expected, "{facet:?}");
}

/// The last level of a path.
fn name(path: &str) -> &str {
    path.rsplit(PATH_SEPARATOR).next().unwrap_or(path)
}

fn check_facet(facet: Facet, counts: &FacetCounts, matching: &[&Record], request: &SearchRequest) {
    let expected = oracle::counts(facet, matching);
    let different = expected.len() as u64;
    let selections = request.filters.of(facet);
    let is_selected = |path: &str| selections.iter().any(|selection| value_of(selection) == Some(path));
    let (missing, missing_selected) = match counts {
        FacetCounts::Terms {
            values,
            distinct,
            missing,
            missing_selected,
        } => {
            assert_eq!((*distinct, facet.kind()), (different, FacetKind::Terms), "{facet:?}");
            let flags = values.iter().map(|value| (value.value.as_str(), value.selected));
            flags.for_each(|(value, selected)| assert_eq!(selected, is_selected(value), "{value}"));
            let found = values.iter().map(|value| (value.value.clone(), value.count));
            check_values_listed(facet, &found.collect(), expected, request);
            (missing, missing_selected)
        }
        FacetCounts::Hierarchy {
            values,
            levels,
            distinct,
            missing,
            missing_selected,
        } => {
            assert_eq!(
                (*distinct, facet.kind()),
                (different, FacetKind::Hierarchy),
                "{facet:?}"
            );
            check_levels(facet, levels, &expected, request.max_per_level);
            let mut found = BTreeMap::new();
            flatten(values, &is_selected, &mut found);
            check_values_listed(facet, &found, expected, request);
            (missing, missing_selected)
        }
        FacetCounts::Range {
            min,
            max,
            buckets,
            histogram,
            numbers,
            missing,
            missing_selected,
        } => {
            let mut all: Vec<u64> = matching.iter().filter_map(|record| facet.number(record)).collect();
            all.sort_unstable();
            assert_eq!((*min, *max), (all.first().copied(), all.last().copied()), "{facet:?}");
            assert_eq!(buckets.len(), steps(facet).len());
            check_buckets(buckets, steps(facet), &all);
            check_buckets(histogram, bars(facet), &all);
            let drawn: u64 = histogram.iter().map(|bar| bar.count).sum();
            assert_eq!(drawn, all.len() as u64, "{facet:?}");
            let mut least: Vec<u64> = all.clone();
            least.dedup();
            least.truncate(request.max_numbers);
            let count = |number: u64| all.iter().filter(|other| **other == number).count() as u64;
            let least: Vec<_> = least.into_iter().map(|number| (number, count(number))).collect();
            assert_eq!(*numbers, least, "{facet:?}");
            (missing, missing_selected)
        }
    };
    let lacking = matching.iter().filter(|record| oracle::lacks(record, facet)).count() as u64;
    assert_eq!(*missing, lacking, "{facet:?}");
    assert_eq!(*missing_selected, selections.contains(&Selection::Missing), "{facet:?}");
}

/// As many values are listed as were asked for, the selected ones and then the most frequent, each with its count.
fn check_values_listed(
    facet: Facet,
    found: &BTreeMap<String, u64>,
    mut expected: BTreeMap<String, u64>,
    request: &SearchRequest,
) {
    let mut listed = BTreeSet::new();
    for value in request.filters.of(facet).iter().filter_map(value_of) {
        // What is selected is listed though no case has it, and what is above it.
        for step in facet.lineage(value) {
            expected.entry(step.clone()).or_default();
            listed.insert(step);
        }
    }
    let most = request.max_values.max(listed.len()).min(expected.len());
    assert_eq!(found.len(), most, "{facet:?} {found:?} of {expected:?}");
    let are_listed = listed.iter().all(|value| found.contains_key(value));
    assert!(are_listed, "{facet:?} {found:?}");
    // In a hierarchy, the values of some levels come before more frequent ones.
    let is_kept = |value: &String| found.contains_key(value);
    let kept = expected
        .iter()
        .filter(|(value, _)| is_kept(value) && !listed.contains(*value));
    let left_out = expected.iter().filter(|(value, _)| !is_kept(value));
    if facet.kind() == FacetKind::Terms
        && let (Some(least), Some(left_out)) = (
            kept.map(|(_, count)| count).min(),
            left_out.map(|(_, count)| count).max(),
        )
    {
        assert!(least >= left_out, "{facet:?} {found:?} of {expected:?}");
    }
    expected.retain(|value, _| is_kept(value));
    assert_eq!(*found, expected, "{facet:?}");
}

fn flatten(values: &[TreeValue], is_selected: &impl Fn(&str) -> bool, found: &mut BTreeMap<String, u64>) {
    for value in values {
        assert_eq!(value.selected, is_selected(&value.path), "{}", value.path);
        found.insert(value.path.clone(), value.count);
        flatten(&value.children, is_selected, found);
    }
}

/// Each bucket begins where it should and counts the numbers within.
fn check_buckets(buckets: &[Bucket], starts: &[u64], numbers: &[u64]) {
    for bucket in buckets {
        let at = starts.iter().position(|start| *start == bucket.from);
        let next = at.expect("a bucket that begins at a step") + 1;
        assert_eq!(bucket.to, starts.get(next).copied());
        let within = |number: &&u64| **number >= bucket.from && bucket.to.is_none_or(|to| **number < to);
        assert_eq!(bucket.count, numbers.iter().filter(within).count() as u64, "{bucket:?}");
    }
}
