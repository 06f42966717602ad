//! Searches the values of a facet by any part of their name.

use std::cmp::Reverse;

use rex_index::FacetTable;
use rex_query::{Deadline, Facet, FacetKind, FacetMatch, FacetMatches, FacetQuery, PATH_SEPARATOR};

use crate::error::Result;
use crate::facet::counts::ValueCounts;
use crate::facet::value_matcher::{ValueMatch, ValueMatcher};
use rex_query::{SearchRequest, Selection};

/// Values between two checks of the deadline.
const BETWEEN_CHECKS: usize = 4_096;

/// The label of a value of a facet, where it has one.
pub(crate) type LabelOf<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// A matching value.
struct ValueCandidate<'a> {
    fit: ValueMatch,
    count: u64,
    path: &'a str,
}

/// Searches the counted values, see [`rex_query::SearchBackend::facet_values`].
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn find_values(
    table: &FacetTable,
    counts: &ValueCounts,
    request: &SearchRequest,
    query: &FacetQuery,
    label: &LabelOf<'_>,
) -> Result<FacetMatches> {
    let selected = request.filters.of(query.facet);
    let is_selected = |path: &str| {
        selected
            .iter()
            .any(|selection| matches!(selection, Selection::Value(value) if value == path))
    };
    let mut matcher = ValueMatcher::new(&query.words);
    let mut found = candidates(table, counts, selected, query, &matcher, label, request.deadline)?;
    if found.is_empty() && matcher.forgive() {
        found = candidates(table, counts, selected, query, &matcher, label, request.deadline)?;
    }
    let total = found.len() as u64;
    let order = |a: &ValueCandidate<'_>, b: &ValueCandidate<'_>| {
        (a.fit, Reverse(a.count), a.path).cmp(&(b.fit, Reverse(b.count), b.path))
    };
    let reach = query.offset.saturating_add(query.limit);
    if found.len() > reach {
        found.select_nth_unstable_by(reach, order);
        found.truncate(reach);
    }
    found.sort_unstable_by(order);
    let given = found.iter().skip(query.offset);
    let values = given.map(|candidate| FacetMatch {
        name: matcher.mark(name_of(query.facet, candidate.path)),
        label: label(candidate.path).map(|label| matcher.mark(label)),
        count: candidate.count,
        selected: is_selected(candidate.path),
        path: candidate.path.to_owned(),
    });
    Ok(FacetMatches {
        values: values.collect(),
        total,
        missing: counts.missing,
    })
}

/// The matching values: those of the hits, and the selected ones.
fn candidates<'a>(
    table: &'a FacetTable,
    counts: &ValueCounts,
    selected: &'a [Selection],
    query: &FacetQuery,
    matcher: &ValueMatcher,
    label: &LabelOf<'_>,
    deadline: Deadline,
) -> Result<Vec<ValueCandidate<'a>>> {
    let facet = query.facet;
    let fit = |path: &str| {
        let above = path.strip_suffix(name_of(facet, path)).unwrap_or_default();
        matcher.fit(name_of(facet, path), label(path).unwrap_or_default(), above)
    };
    let mut found = Vec::new();
    let is_counted = |path: &str| {
        table
            .ordinal_of(&facet.term(path))
            .is_some_and(|ordinal| counts.of(ordinal) > 0)
    };
    let uncounted = selected.iter().filter_map(|selection| match selection {
        Selection::Value(path) if !is_counted(path) => Some(path.as_str()),
        _ => None,
    });
    for path in uncounted {
        if query.level.is_none_or(|level| facet.level(path) == level)
            && let Some(fit) = fit(path)
        {
            found.push(ValueCandidate { fit, count: 0, path });
        }
    }
    let level = query.level.filter(|_| facet.kind() == FacetKind::Hierarchy);
    let ordinals = level.map_or(0..table.values() as u32, |level| {
        table.ordinals_with_prefix(&facet.term_prefix_of_level(level))
    });
    for (looked_at, (ordinal, count)) in counts.within(ordinals).enumerate() {
        if looked_at.is_multiple_of(BETWEEN_CHECKS) {
            deadline.check()?;
        }
        let path = facet.value_of(table.term(ordinal)?);
        found.extend(fit(path).map(|fit| ValueCandidate { fit, count, path }));
    }
    Ok(found)
}

/// The value, or the last level of its path.
fn name_of(facet: Facet, path: &str) -> &str {
    match facet {
        Facet::Territoire => path.rsplit(PATH_SEPARATOR).next().unwrap_or_default(),
        _ => path,
    }
}
