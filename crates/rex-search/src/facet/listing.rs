//! Lists the values of a facet for a response.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use rex_index::FacetTable;
use rex_index::facet_columns::dictionary_order;
use rex_query::{Facet, FacetKind, PATH_SEPARATOR};

use crate::facet::counts::ValueCounts;
use crate::facet::histogram::RangeCounts;
use rex_query::{FacetCounts, FacetValue, TreeValue};
use rex_query::{SearchRequest, Selection};

/// The listed values of one facet.
struct Listed {
    values: Vec<(String, u64)>,
    /// Number of values whose count is not 0, listed or not.
    distinct: u64,
    missing: u64,
}

/// The counts of a facet for the response to a request.
///
/// # Errors
/// A file of facets that is damaged.
pub(crate) fn present(
    table: &FacetTable,
    counts: &ValueCounts,
    request: &SearchRequest,
) -> tantivy::Result<FacetCounts> {
    let facet = table.facet();
    let selected = request.filters.of(facet);
    let missing_selected = selected.contains(&Selection::Missing);
    let is_selected = |value: &str| {
        selected
            .iter()
            .any(|selection| matches!(selection, Selection::Value(chosen) if chosen == value))
    };
    if facet.kind() == FacetKind::Range {
        let range = RangeCounts::new(table, counts, request.max_numbers);
        return Ok(FacetCounts::Range {
            min: range.min(),
            max: range.max(),
            buckets: range.buckets(selected),
            histogram: range.histogram(selected),
            missing: range.missing,
            numbers: range.into_numbers(),
            missing_selected,
        });
    }
    let Listed {
        values,
        distinct,
        missing,
    } = list(table, counts, selected, request.max_values)?;
    Ok(match facet.kind() {
        FacetKind::Hierarchy => FacetCounts::Hierarchy {
            values: tree(facet, values, is_selected),
            levels: levels(table, counts, request.max_per_level)?,
            distinct,
            missing,
            missing_selected,
        },
        FacetKind::Terms | FacetKind::Range => FacetCounts::Terms {
            values: values
                .into_iter()
                .map(|(value, count)| FacetValue {
                    selected: is_selected(&value),
                    value,
                    count,
                })
                .collect(),
            distinct,
            missing,
            missing_selected,
        },
    })
}

/// The values to list, at most `max_values` unless more are selected: the most frequent first, then in dictionary order.
///
/// The most frequent values are kept, but in a hierarchy the top and the level below a selected path come first: one can always choose
/// a région, then a département. Selected values are kept whatever their count.
fn list(
    table: &FacetTable,
    counts: &ValueCounts,
    selected: &[Selection],
    max_values: usize,
) -> tantivy::Result<Listed> {
    let facet = table.facet();
    let first = PriorityTerms::new(facet, selected);
    let mut known: Vec<u32> = first.listed.iter().filter_map(|term| table.ordinal_of(term)).collect();
    known.sort_unstable();
    let classes: Vec<(Range<u32>, ListingClass)> = first
        .prefixes
        .iter()
        .map(|(prefix, class)| (table.ordinals_with_prefix(prefix), *class))
        .collect();
    let others = counts
        .within(0..table.values() as u32)
        .filter(|(ordinal, _)| known.binary_search(ordinal).is_err());
    let mut ordinals = frequent(others, max_values.saturating_sub(first.listed.len()), &classes);
    ordinals.extend(
        known
            .iter()
            .map(|ordinal| (*ordinal, counts.of(*ordinal)))
            .filter(|(_, count)| *count > 0),
    );
    ordinals.sort_unstable_by_key(|(ordinal, count)| (Reverse(*count), table.collation_ordinal(*ordinal)));
    let mut values = Vec::with_capacity(ordinals.len());
    for (ordinal, count) in ordinals {
        values.push((facet.value_of(table.term(ordinal)?).to_owned(), count));
    }
    // Selected values without a match come last; they may not even be in the index.
    let is_absent = |term: &&String| table.ordinal_of(term).is_none_or(|ordinal| counts.of(ordinal) == 0);
    let absent = first.listed.iter().filter(is_absent);
    let mut absent: Vec<&str> = absent.map(|term| facet.value_of(term)).collect();
    absent.sort_by_cached_key(|value| dictionary_order(value));
    values.extend(absent.into_iter().map(|value| (value.to_owned(), 0)));
    Ok(Listed {
        values,
        distinct: counts.distinct(),
        missing: counts.missing,
    })
}

/// The most frequent values of each level, at most `limit` a level.
fn levels(table: &FacetTable, counts: &ValueCounts, limit: usize) -> tantivy::Result<Vec<Vec<(String, u64)>>> {
    let facet = table.facet();
    let levels = if limit > 0 { facet.levels() } else { 0 };
    let level = |level: usize| {
        let ordinals = table.ordinals_with_prefix(&facet.term_prefix_of_level(level));
        let mut values = frequent(counts.within(ordinals), limit, &[]);
        // Ordinals are in the order of the paths.
        values.sort_unstable_by_key(|(ordinal, count)| (Reverse(*count), *ordinal));
        let named = values
            .into_iter()
            .map(|(ordinal, count)| Ok((facet.value_of(table.term(ordinal)?).to_owned(), count)));
        named.collect()
    };
    (0..levels).map(level).collect()
}

/// The terms of a facet that are listed before more frequent ones.
struct PriorityTerms {
    /// The selected ones and, in a hierarchy, those above them: listed whatever their count.
    listed: Vec<String>,
    /// Prefixes of other terms that come early.
    prefixes: Vec<(String, ListingClass)>,
}

impl PriorityTerms {
    fn new(facet: Facet, selected: &[Selection]) -> Self {
        let mut first = Self {
            listed: Vec::new(),
            prefixes: Vec::new(),
        };
        if facet.kind() == FacetKind::Hierarchy {
            first.prefixes.push((facet.term_prefix_below(None), ListingClass::Top));
        }
        // There are about a hundred départements: all of them are needed for a map, however many communes have more cases.
        if facet == Facet::Territoire {
            first.prefixes.push((facet.term_prefix_of_level(1), ListingClass::Top));
        }
        for selection in selected {
            let Selection::Value(path) = selection else { continue };
            for step in facet.lineage(path) {
                if facet.kind() == FacetKind::Hierarchy {
                    first
                        .prefixes
                        .push((facet.term_prefix_below(Some(&step)), ListingClass::Below));
                }
                let term = facet.term(&step);
                if !first.listed.contains(&term) {
                    first.listed.push(term);
                }
            }
        }
        first
    }
}

/// Listing priority, before the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ListingClass {
    /// The top of a hierarchy.
    Top,
    /// The level below a selected path.
    Below,
    Rest,
}

/// At most `limit` of the ordinals, given in order with their counts: by class, then by count.
fn frequent(
    counting: impl Iterator<Item = (u32, u64)>,
    limit: usize,
    classes: &[(Range<u32>, ListingClass)],
) -> Vec<(u32, u64)> {
    let class = |ordinal: u32| {
        let of_rank = classes.iter().find(|(ordinals, _)| ordinals.contains(&ordinal));
        of_rank.map_or(ListingClass::Rest, |(_, class)| *class)
    };
    // Ties go to the lower ordinal, so that no level of a hierarchy precedes the one above it.
    let order = |(ordinal, count): &(u32, u64)| (class(*ordinal), Reverse(*count), *ordinal);
    let keep = |kept: &mut Vec<(u32, u64)>| {
        if kept.len() > limit {
            kept.select_nth_unstable_by_key(limit, order);
            kept.truncate(limit);
        }
    };
    let mut kept: Vec<(u32, u64)> = Vec::new();
    // `limit` values with a higher count are known already: most of a long list is skipped.
    let mut min_score = 0;
    for (ordinal, count) in counting {
        if count <= min_score && class(ordinal) == ListingClass::Rest {
            continue;
        }
        kept.push((ordinal, count));
        if kept.len() > limit.saturating_mul(4).max(1_024) {
            keep(&mut kept);
            let last = kept.iter().max_by_key(|kept| order(kept));
            min_score = match last {
                Some((ordinal, count)) if class(*ordinal) == ListingClass::Rest => *count,
                // Nothing of the rest is kept any more.
                _ => u64::MAX,
            };
        }
    }
    keep(&mut kept);
    kept
}

/// Builds the tree of paths, which are given the most frequent first.
fn tree(facet: Facet, values: Vec<(String, u64)>, is_selected: impl Fn(&str) -> bool) -> Vec<TreeValue> {
    let mut below: BTreeMap<Option<String>, Vec<(String, u64)>> = BTreeMap::new();
    for (path, count) in values {
        below.entry(facet.parent(&path)).or_default().push((path, count));
    }
    branch(&mut below, &None, &is_selected)
}

/// The children of a path, with theirs. The depth is bounded by the levels of a path.
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
        let counts = [(0, 3), (1, 1), (2, 5), (4, 1), (5, 1)];
        let kept = |classes: &[(Range<u32>, ListingClass)]| {
            let mut kept = frequent(counts.into_iter(), 3, classes);
            kept.sort_unstable();
            kept
        };
        assert_eq!(kept(&[]), [(0, 3), (1, 1), (2, 5)]);
        assert_eq!(kept(&[(3..6, ListingClass::Top)]), [(2, 5), (4, 1), (5, 1)]);
        assert_eq!(
            kept(&[(1..2, ListingClass::Top), (0..5, ListingClass::Below)]),
            [(0, 3), (1, 1), (2, 5)]
        );
    }

    #[test]
    fn of_a_long_list_those_are_kept_that_sorting_it_would_keep() {
        let counts: Vec<(u32, u64)> = (0..20_000)
            .map(|ordinal| (ordinal, u64::from(ordinal * 7_919 % 311) + 1))
            .collect();
        let classes = [(50..60, ListingClass::Top), (19_000..19_040, ListingClass::Below)];
        for classes in [&classes[..], &classes[..1], &[], &[(0..9_000, ListingClass::Top)]] {
            for limit in [0, 1, 45, 200, 1_000, 30_000] {
                let class = |ordinal: u32| classes.iter().find(|(ordinals, _)| ordinals.contains(&ordinal));
                let mut expected = counts.clone();
                expected.sort_by_key(|(ordinal, count)| {
                    (
                        class(*ordinal).map_or(ListingClass::Rest, |(_, class)| *class),
                        Reverse(*count),
                        *ordinal,
                    )
                });
                expected.truncate(limit);
                let mut kept = frequent(counts.iter().copied(), limit, classes);
                kept.sort_unstable();
                expected.sort_unstable();
                assert_eq!(kept, expected, "{limit} of {classes:?}");
            }
        }
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
