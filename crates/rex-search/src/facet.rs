//! From the counts of segments to what a reader sees of a facet.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use rex_analysis::fold;
use rex_index::{Facet, FacetKind, PATH_SEPARATOR};
use tantivy::columnar::StrColumn;

use crate::counts::{RangeCounts, SegmentCounts};
use crate::request::{Bounds, Selection};
use crate::response::{Bucket, FacetCounts, FacetValue, TreeValue};

/// Values listed of one facet, those of all levels together; selected values come on top of them.
pub const MAX_VALUES: usize = 200;

/// Where the amount buckets begin, in cents before tax.
///
/// 40 000 €: below, no competition was required (Code de la commande publique, R2122-8, as the public record until 2026
/// knows it). 90 000 €: formal publication (R2131-12). 216 000 € for supplies and services of local authorities and
/// 5 404 000 € for works: European thresholds from 1 January 2026 (Delegated Regulation (EU) 2025/2152, of 22 October 2025). 1 M€:
/// a round figure between them.
pub const AMOUNT_STEPS: &[u64] = &[0, 40_000_00, 90_000_00, 216_000_00, 1_000_000_00, 5_404_000_00];

/// Where the duration buckets begin, in months: half a year, then years up to the four of a framework agreement
/// (Code de la commande publique, L2125-1).
pub const DURATION_STEPS: &[u64] = &[0, 6, 12, 24, 36, 48];

pub(crate) fn steps(facet: Facet) -> &'static [u64] {
    match facet {
        Facet::Montant => AMOUNT_STEPS,
        Facet::Duree => DURATION_STEPS,
        _ => &[],
    }
}

/// The counts of one facet over all segments.
pub(crate) enum RawCounts {
    Terms { values: Vec<(String, u64)>, missing: u64 },
    Numbers(RangeCounts),
}

/// Adds up the counts of segments, keeping the most frequent values and those `selected`.
pub(crate) fn merge(facet: Facet, segments: Vec<SegmentCounts>, selected: &[Selection]) -> tantivy::Result<RawCounts> {
    if facet.kind() == FacetKind::Range {
        let mut total = RangeCounts::new(facet);
        for segment in &segments {
            if let SegmentCounts::Numbers { range, .. } = segment {
                total.merge(range);
            }
        }
        return Ok(RawCounts::Numbers(total));
    }
    // In one segment the most frequent values are known before any of them is spelled out.
    let limit = if segments.len() == 1 { MAX_VALUES } else { usize::MAX };
    let mut total = 0;
    let mut merged: HashMap<String, u64> = listed(facet, selected).map(|value| (value, 0)).collect();
    for segment in segments {
        let SegmentCounts::Terms { terms, counts, missing } = segment else {
            continue;
        };
        total += missing;
        let Some(terms) = terms else { continue };
        let always =
            listed(facet, selected).filter_map(|value| terms.dictionary().term_ord(value.as_bytes()).ok().flatten());
        for (rank, count) in most_frequent(&counts, limit, always.collect()) {
            *merged.entry(spelled(&terms, rank)?).or_default() += count;
        }
    }
    let mut values: Vec<_> = merged.into_iter().collect();
    sort_by_frequency(&mut values);
    let kept: Vec<String> = listed(facet, selected).collect();
    let mut rank = 0;
    values.retain(|(value, _)| {
        rank += 1;
        rank <= MAX_VALUES || kept.contains(value)
    });
    Ok(RawCounts::Terms { values, missing: total })
}

/// The values to list whatever their count: those selected, and in a hierarchy what is above them.
fn listed(facet: Facet, selected: &[Selection]) -> impl Iterator<Item = String> {
    selected.iter().flat_map(move |selection| match selection {
        Selection::Value(value) if facet.kind() == FacetKind::Hierarchy => lineage(facet, value),
        Selection::Value(value) => vec![value.clone()],
        Selection::Range(_) | Selection::Missing => Vec::new(),
    })
}

/// A path and those above it, the top first.
fn lineage(facet: Facet, path: &str) -> Vec<String> {
    let mut lineage = vec![path.to_owned()];
    let mut below = path.to_owned();
    while let Some(parent) = parent(facet, &below) {
        lineage.push(parent.clone());
        below = parent;
    }
    lineage.reverse();
    lineage
}

/// The path above a path of a hierarchy.
fn parent(facet: Facet, path: &str) -> Option<String> {
    if facet == Facet::Cpv {
        let significant = path.trim_end_matches('0').len().max(2);
        let above = path.get(..significant - 1).filter(|above| above.len() >= 2)?;
        return Some(format!("{above:0<8}"));
    }
    path.rsplit_once(PATH_SEPARATOR).map(|(above, _)| above.to_owned())
}

/// The most frequent ranks with their counts, and those of `always` that count at all.
fn most_frequent(counts: &[u32], limit: usize, always: Vec<u64>) -> Vec<(u64, u64)> {
    let mut ranks: Vec<(u64, u64)> = (0..)
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .map(|(rank, count)| (rank, u64::from(*count)))
        .collect();
    if ranks.len() > limit {
        // Ties go to the lower rank: a path comes before those below it, so no level of a hierarchy is orphaned.
        ranks.select_nth_unstable_by_key(limit, |(rank, count)| (Reverse(*count), *rank));
        let dropped = ranks.split_off(limit);
        ranks.extend(dropped.into_iter().filter(|(rank, _)| always.contains(rank)));
    }
    ranks
}

fn spelled(terms: &StrColumn, rank: u64) -> tantivy::Result<String> {
    let mut value = String::new();
    terms.ord_to_str(rank, &mut value)?;
    Ok(value)
}

/// The most frequent first, then as a dictionary would have them.
fn sort_by_frequency(values: &mut [(String, u64)]) {
    values.sort_by_cached_key(|(value, count)| {
        (
            Reverse(*count),
            value.split(' ').map(fold).collect::<Vec<_>>(),
            value.clone(),
        )
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
            min: range.min,
            max: range.max,
            buckets: buckets(facet, &range, selected),
            missing: range.missing,
            missing_selected,
        },
        RawCounts::Terms { values, missing } if facet.kind() == FacetKind::Hierarchy => FacetCounts::Hierarchy {
            values: tree(facet, values, is_selected),
            missing,
            missing_selected,
        },
        RawCounts::Terms { values, missing } => FacetCounts::Terms {
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

fn buckets(facet: Facet, range: &RangeCounts, selected: &[Selection]) -> Vec<Bucket> {
    let steps = steps(facet);
    let bucket = |(rank, count): (usize, &u64)| {
        let (from, to) = (steps[rank], steps.get(rank + 1).copied());
        let bounds = Bounds {
            from: Some(from),
            to: to.map(|to| to - 1),
        };
        Bucket {
            from,
            to,
            count: *count,
            selected: selected.contains(&Selection::Range(bounds)),
        }
    };
    range.counts.iter().enumerate().map(bucket).collect()
}

/// Nests paths, given the most frequent first, under those above them.
fn tree(facet: Facet, values: Vec<(String, u64)>, is_selected: impl Fn(&str) -> bool) -> Vec<TreeValue> {
    let mut below: BTreeMap<Option<String>, Vec<(String, u64)>> = BTreeMap::new();
    for (path, count) in values {
        below.entry(parent(facet, &path)).or_default().push((path, count));
    }
    branch(&mut below, None, &is_selected)
}

/// The values right under a path, each with its own; no deeper than a path has levels.
fn branch(
    below: &mut BTreeMap<Option<String>, Vec<(String, u64)>>,
    above: Option<String>,
    is_selected: &impl Fn(&str) -> bool,
) -> Vec<TreeValue> {
    let values = below.remove(&above).unwrap_or_default();
    let value = |(path, count): (String, u64)| TreeValue {
        value: path.rsplit(PATH_SEPARATOR).next().unwrap_or_default().to_owned(),
        count,
        selected: is_selected(&path),
        children: branch(below, Some(path.clone()), is_selected),
        path,
    };
    values.into_iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_climb_level_by_level() {
        assert_eq!(lineage(Facet::Territoire, "A > B > C"), ["A", "A > B", "A > B > C"]);
        assert_eq!(
            lineage(Facet::Cpv, "75231240"),
            ["75000000", "75200000", "75230000", "75231000", "75231200", "75231240"]
        );
        assert_eq!(lineage(Facet::Cpv, "30000000"), ["30000000"]);
        assert_eq!(lineage(Facet::Cpv, "é"), ["é"]);
    }

    #[test]
    fn the_most_frequent_values_are_kept_with_those_selected() {
        let counts = [3, 1, 5, 0, 1, 1];
        let mut kept = most_frequent(&counts, 3, vec![5, 3]);
        kept.sort_unstable();
        assert_eq!(kept, [(0, 3), (1, 1), (2, 5), (5, 1)]);
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
