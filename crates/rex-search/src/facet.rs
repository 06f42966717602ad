//! From the counts of segments to what a reader sees of a facet.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rex_analysis::fold;
use rex_index::{Facet, FacetKind, PATH_SEPARATOR};
use tantivy::columnar::StrColumn;

use crate::condition::ranks_that_begin;
use crate::counts::SegmentCounts;
use crate::range::RangeCounts;
use crate::request::{SearchRequest, Selection};
use crate::response::{FacetCounts, FacetValue, TreeValue};

/// The counts of one facet over all segments.
pub(crate) enum RawCounts {
    Terms {
        values: Vec<(String, u64)>,
        /// Different values counted, kept or not.
        distinct: u64,
        missing: u64,
    },
    Numbers(RangeCounts),
}

/// Adds up the counts of segments, keeping so many values.
///
/// The most frequent, but that in a hierarchy the top and what is right below a selected path come first: one can always
/// choose a region, then a département. Selected values are kept whatever their count.
pub(crate) fn merge(facet: Facet, segments: Vec<SegmentCounts>, request: &SearchRequest) -> tantivy::Result<RawCounts> {
    if facet.kind() == FacetKind::Range {
        let mut total = RangeCounts::new(facet, request.max_numbers);
        for segment in &segments {
            if let SegmentCounts::Numbers { range, .. } = segment {
                total.merge(range);
            }
        }
        return Ok(RawCounts::Numbers(total));
    }
    let first = First::new(facet, request.filters.of(facet));
    // In one segment, what comes first is known before any of it is spelled out.
    let is_single = segments.len() == 1;
    let max_values = request.max_values.max(first.listed.len());
    let limit = if is_single { max_values } else { usize::MAX };
    let mut distinct = 0;
    let mut total = 0;
    let mut merged: HashMap<String, u64> = first.listed.iter().map(|term| (term.clone(), 0)).collect();
    for segment in segments {
        let SegmentCounts::Terms { terms, counts, missing } = segment else {
            continue;
        };
        total += missing;
        let Some(terms) = terms else { continue };
        distinct += counts.iter().filter(|count| **count > 0).count();
        for (rank, count) in frequent(&counts, limit, &first.ranges(&terms)?) {
            *merged.entry(spelled(&terms, rank)?).or_default() += count;
        }
    }
    if !is_single {
        distinct = merged.values().filter(|count| **count > 0).count();
    }
    let mut terms: Vec<_> = merged.into_iter().collect();
    terms.sort_by_cached_key(|(term, count)| (first.class(term), Reverse(*count), term.clone()));
    terms.truncate(max_values);
    let mut values: Vec<_> = terms
        .into_iter()
        .map(|(term, count)| (facet.value_of(&term).to_owned(), count))
        .collect();
    sort_by_frequency(&mut values);
    Ok(RawCounts::Terms {
        values,
        distinct: distinct as u64,
        missing: total,
    })
}

/// The terms of a facet that come before more frequent ones.
struct First {
    /// Those selected and, in a hierarchy, those above them: listed whatever their count.
    listed: Vec<String>,
    /// How others begin that come early.
    prefixes: Vec<(String, Class)>,
}

impl First {
    fn new(facet: Facet, selected: &[Selection]) -> Self {
        let mut first = Self {
            listed: Vec::new(),
            prefixes: Vec::new(),
        };
        if facet.kind() == FacetKind::Hierarchy {
            first.prefixes.push((facet.term_prefix_below(None), Class::Top));
        }
        // There are about a hundred départements: with them a map is whole, however many communes have more cases.
        if facet == Facet::Territoire {
            first.prefixes.push((facet.term_prefix_of_level(1), Class::Top));
        }
        for selection in selected {
            let Selection::Value(path) = selection else { continue };
            for step in facet.lineage(path) {
                if facet.kind() == FacetKind::Hierarchy {
                    first
                        .prefixes
                        .push((facet.term_prefix_below(Some(&step)), Class::Below));
                }
                let term = facet.term(&step);
                if !first.listed.contains(&term) {
                    first.listed.push(term);
                }
            }
        }
        first
    }

    fn class(&self, term: &str) -> Class {
        if self.listed.iter().any(|listed| listed == term) {
            return Class::Listed;
        }
        let early = self.prefixes.iter().find(|(prefix, _)| term.starts_with(prefix));
        early.map_or(Class::Rest, |(_, class)| *class)
    }

    /// The ranks of these terms in a segment, where terms are in the order of their bytes.
    fn ranges(&self, terms: &StrColumn) -> tantivy::Result<Vec<(Range<u64>, Class)>> {
        let dictionary = terms.dictionary();
        let mut ranges = Vec::new();
        for term in &self.listed {
            let rank = dictionary.term_ord(term)?;
            ranges.extend(rank.map(|rank| (rank..rank + 1, Class::Listed)));
        }
        for (prefix, class) in &self.prefixes {
            ranges.push((ranks_that_begin(terms, prefix)?, *class));
        }
        Ok(ranges)
    }
}

/// Who comes before whom, whatever the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Listed,
    /// The top of a hierarchy.
    Top,
    /// Right below what is selected.
    Below,
    Rest,
}

/// The ranks that count, with their counts; of many, those of the first classes, then the most frequent.
fn frequent(counts: &[u32], limit: usize, classes: &[(Range<u64>, Class)]) -> Vec<(u64, u64)> {
    let counting = (0..).zip(counts).filter(|(_, count)| **count > 0);
    let mut ranks: Vec<(u64, u64)> = counting.map(|(rank, count)| (rank, u64::from(*count))).collect();
    if ranks.len() > limit {
        let class = |rank: u64| {
            classes
                .iter()
                .find(|(ranks, _)| ranks.contains(&rank))
                .map_or(Class::Rest, |(_, class)| *class)
        };
        // Ties go to the lower rank, so that no level of a hierarchy goes before the one above it.
        ranks.select_nth_unstable_by_key(limit, |(rank, count)| (class(*rank), Reverse(*count), *rank));
        ranks.truncate(limit);
    }
    ranks
}

fn spelled(terms: &StrColumn, rank: u64) -> tantivy::Result<String> {
    let mut term = String::new();
    terms.ord_to_str(rank, &mut term)?;
    Ok(term)
}

/// The most frequent first, then as a dictionary would have them.
fn sort_by_frequency(values: &mut [(String, u64)]) {
    values.sort_by_cached_key(|(value, count)| {
        let words: Vec<_> = value.split(' ').map(fold).collect();
        (Reverse(*count), words, value.clone())
    });
}

/// What a reader sees of a facet.
pub(crate) fn present(facet: Facet, counts: RawCounts, selected: &[Selection]) -> FacetCounts {
    let missing_selected = selected.contains(&Selection::Missing);
    let is_selected = |value: &str| {
        selected
            .iter()
            .any(|selection| matches!(selection, Selection::Value(chosen) if chosen == value))
    };
    match counts {
        RawCounts::Numbers(range) => FacetCounts::Range {
            min: range.min(),
            max: range.max(),
            buckets: range.buckets(selected),
            histogram: range.histogram(selected),
            numbers: range.numbers(),
            missing: range.missing,
            missing_selected,
        },
        RawCounts::Terms {
            values,
            distinct,
            missing,
        } if facet.kind() == FacetKind::Hierarchy => FacetCounts::Hierarchy {
            values: tree(facet, values, is_selected),
            distinct,
            missing,
            missing_selected,
        },
        RawCounts::Terms {
            values,
            distinct,
            missing,
        } => FacetCounts::Terms {
            distinct,
            values: values
                .into_iter()
                .map(|(value, count)| FacetValue {
                    selected: is_selected(&value),
                    value,
                    count,
                })
                .collect(),
            missing,
            missing_selected,
        },
    }
}

/// Nests paths, given the most frequent first, under those above them.
fn tree(facet: Facet, values: Vec<(String, u64)>, is_selected: impl Fn(&str) -> bool) -> Vec<TreeValue> {
    let mut below: BTreeMap<Option<String>, Vec<(String, u64)>> = BTreeMap::new();
    for (path, count) in values {
        below.entry(facet.parent(&path)).or_default().push((path, count));
    }
    branch(&mut below, &None, &is_selected)
}

/// The values right under a path, each with its own; no deeper than a path has levels.
fn branch(
    below: &mut BTreeMap<Option<String>, Vec<(String, u64)>>,
    above: &Option<String>,
    is_selected: &impl Fn(&str) -> bool,
) -> Vec<TreeValue> {
    let values = below.remove(above).unwrap_or_default();
    let value = |(path, count): (String, u64)| TreeValue {
        value: path.rsplit(PATH_SEPARATOR).next().unwrap_or_default().to_owned(),
        count,
        selected: is_selected(&path),
        children: branch(below, &Some(path.clone()), is_selected),
        path,
    };
    values.into_iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_values_are_kept_after_those_that_come_first() {
        let counts = [3, 1, 5, 0, 1, 1];
        let kept = |classes: &[(Range<u64>, Class)]| {
            let mut kept = frequent(&counts, 3, classes);
            kept.sort_unstable();
            kept
        };
        assert_eq!(kept(&[]), [(0, 3), (1, 1), (2, 5)]);
        assert_eq!(kept(&[(3..6, Class::Top)]), [(2, 5), (4, 1), (5, 1)]);
        assert_eq!(
            kept(&[(1..2, Class::Listed), (0..5, Class::Top)]),
            [(0, 3), (1, 1), (2, 5)]
        );
    }

    #[test]
    fn a_tree_keeps_the_order_it_is_given() {
        let values = ["B", "A", "B > Y", "B > X"].map(|path| (path.to_owned(), 1));
        let tree = tree(Facet::Territoire, values.to_vec(), |path| path == "B > Y");
        let names: Vec<_> = tree.iter().map(|value| value.value.as_str()).collect();
        assert_eq!(names, ["B", "A"]);
        assert!(tree[0].children[0].selected && tree[0].children[0].path == "B > Y" && tree[0].children.len() == 2);
    }
}
