//! Looking for a value among those of a facet, by any part of it.

use std::cmp::Reverse;

use rex_index::{Facet, FacetKind, FacetTable, PATH_SEPARATOR};

use crate::collector::deadline::Deadline;
use crate::engine::{Engine, SearchError};
use crate::facet::counts::ValueCounts;
use crate::facet::value_matcher::{ValueMatch, ValueMatcher};
use crate::request::{SearchRequest, Selection};
use crate::response::Marked;

/// Values between two looks at the clock.
const BETWEEN_CHECKS: usize = 4_096;

/// What is looked for among the values of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetQuery {
    /// A facet of terms or a hierarchy; a range has no values to look among.
    pub facet: Facet,
    /// Words, each found anywhere in a value. Empty for every value.
    pub words: String,
    /// Only values of this level of a hierarchy, 0 at the top.
    pub level: Option<usize>,
    /// Values passed over before the first that is given.
    pub offset: usize,
    /// Values given at most.
    pub limit: usize,
}

/// The values found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacetMatches {
    /// How many there are, given or not.
    pub total: u64,
    /// Those asked for: by how they hold the words, then the most frequent first.
    pub values: Vec<FacetMatch>,
    /// Cases without a value.
    pub missing: u64,
}

/// A value found and how many cases have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetMatch {
    /// What selects it: the value, or its path in a hierarchy.
    pub path: String,
    /// The value, or the last level of its path, with the parts that were asked for.
    pub name: Marked,
    /// What it is called besides, with the parts that were asked for.
    pub label: Option<Marked>,
    /// Cases that have it, or anything below it, under the filters of the other facets.
    pub count: u64,
    /// Whether it is selected.
    pub selected: bool,
}

/// What a value of a facet is called besides, where it is called anything.
pub type LabelOf<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

impl Engine {
    /// The values of a facet that cases found by a request have, and those selected, by a part of them.
    ///
    /// Each word may be anywhere in a value or in what `label` says it is called, accents and capitals aside; in a hierarchy
    /// some may be in the levels above, but not all. Where no value holds them all, words are taken for mistyped: beginnings
    /// of words an error or two away will do.
    ///
    /// # Errors
    /// An index that cannot be read; a search that takes longer than its limit.
    pub fn facet_values(
        &self,
        request: &SearchRequest,
        query: &FacetQuery,
        label: &LabelOf<'_>,
    ) -> Result<FacetMatches, SearchError> {
        let find = || -> tantivy::Result<FacetMatches> {
            let deadline = Deadline::within(request.time_limit);
            let searcher = self.reader.searcher();
            let reading = self.reading(&searcher, &request.query)?;
            let request = SearchRequest {
                facets: vec![query.facet],
                ..request.clone()
            };
            let mut found = self.matches(&searcher, reading, &request, 0, deadline)?.found;
            let table = self.facets.table(query.facet);
            let counts = found
                .counts
                .pop()
                .flatten()
                .unwrap_or_else(|| ValueCounts::of_all(table));
            find_values(table, &counts, &request, query, label, deadline)
        };
        find().map_err(|error| self.error(error))
    }
}

/// A value that holds what is asked for.
struct Candidate<'a> {
    fit: ValueMatch,
    count: u64,
    path: &'a str,
}

fn find_values(
    table: &FacetTable,
    counts: &ValueCounts,
    request: &SearchRequest,
    query: &FacetQuery,
    label: &LabelOf<'_>,
    deadline: Deadline,
) -> tantivy::Result<FacetMatches> {
    let selected = request.filters.of(query.facet);
    let is_selected = |path: &str| {
        selected
            .iter()
            .any(|selection| matches!(selection, Selection::Value(value) if value == path))
    };
    let mut matcher = ValueMatcher::new(&query.words);
    let mut found = candidates(table, counts, selected, query, &matcher, label, deadline)?;
    if found.is_empty() && matcher.forgive() {
        found = candidates(table, counts, selected, query, &matcher, label, deadline)?;
    }
    let total = found.len() as u64;
    let order = |a: &Candidate<'_>, b: &Candidate<'_>| {
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

/// The values that hold the words: those that cases have, and those selected.
fn candidates<'a>(
    table: &'a FacetTable,
    counts: &ValueCounts,
    selected: &'a [Selection],
    query: &FacetQuery,
    matcher: &ValueMatcher,
    label: &LabelOf<'_>,
    deadline: Deadline,
) -> tantivy::Result<Vec<Candidate<'a>>> {
    let facet = query.facet;
    let fit = |path: &str| {
        let above = path.strip_suffix(name_of(facet, path)).unwrap_or_default();
        matcher.fit(name_of(facet, path), label(path).unwrap_or_default(), above)
    };
    let mut found = Vec::new();
    let is_counted = |path: &str| table.rank_of(&facet.term(path)).is_some_and(|rank| counts.of(rank) > 0);
    let uncounted = selected.iter().filter_map(|selection| match selection {
        Selection::Value(path) if !is_counted(path) => Some(path.as_str()),
        _ => None,
    });
    for path in uncounted {
        if query.level.is_none_or(|level| facet.level(path) == level)
            && let Some(fit) = fit(path)
        {
            found.push(Candidate { fit, count: 0, path });
        }
    }
    let level = query.level.filter(|_| facet.kind() == FacetKind::Hierarchy);
    let ranks = level.map_or(0..table.values() as u32, |level| {
        table.ranks_that_begin(&facet.term_prefix_of_level(level))
    });
    for (looked_at, (rank, count)) in counts.within(ranks).enumerate() {
        if looked_at.is_multiple_of(BETWEEN_CHECKS) {
            deadline.check()?;
        }
        let path = facet.value_of(table.term(rank)?);
        found.extend(fit(path).map(|fit| Candidate { fit, count, path }));
    }
    Ok(found)
}

/// The value itself, or the last level of its path.
fn name_of(facet: Facet, path: &str) -> &str {
    match facet {
        Facet::Territoire => path.rsplit(PATH_SEPARATOR).next().unwrap_or_default(),
        _ => path,
    }
}
