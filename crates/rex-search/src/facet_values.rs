//! Looking for a value among those of a facet, by any part of it.

use std::cmp::Reverse;
use std::collections::HashMap;

use rex_index::{Facet, FacetKind, PATH_SEPARATOR};
use tantivy::columnar::StrColumn;

use crate::condition::ranks_that_begin;
use crate::counts::SegmentCounts;
use crate::deadline::Deadline;
use crate::engine::{Engine, SearchError};
use crate::request::{SearchRequest, Selection};
use crate::response::Marked;
use crate::value_match::{ValueMatch, ValueMatcher};

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
            let (mut matches, _) = self.matches(&searcher, &reading, &request, 0, deadline)?;
            let segments = matches.counts.pop().unwrap_or_default();
            find_values(&segments, &request, query, label, deadline)
        };
        find().map_err(|error| self.error(error))
    }
}

/// A value that holds what is asked for.
struct Candidate {
    fit: ValueMatch,
    count: u64,
    path: String,
}

fn find_values(
    segments: &[SegmentCounts],
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
    let mut found = candidates(segments, selected, query, &matcher, label, deadline)?;
    if found.is_empty() && matcher.forgive() {
        found = candidates(segments, selected, query, &matcher, label, deadline)?;
    }
    found.sort_by(|a, b| (a.fit, Reverse(a.count), &a.path).cmp(&(b.fit, Reverse(b.count), &b.path)));
    let given = found.iter().skip(query.offset).take(query.limit);
    let values = given.map(|candidate| FacetMatch {
        name: matcher.mark(name_of(query.facet, &candidate.path)),
        label: label(&candidate.path).map(|label| matcher.mark(label)),
        count: candidate.count,
        selected: is_selected(&candidate.path),
        path: candidate.path.clone(),
    });
    Ok(FacetMatches {
        values: values.collect(),
        total: found.len() as u64,
        missing: segments.iter().map(SegmentCounts::missing).sum(),
    })
}

/// The values that hold the words: those that cases have, and those selected.
fn candidates(
    segments: &[SegmentCounts],
    selected: &[Selection],
    query: &FacetQuery,
    matcher: &ValueMatcher,
    label: &LabelOf<'_>,
    deadline: Deadline,
) -> tantivy::Result<Vec<Candidate>> {
    let facet = query.facet;
    let fit = |path: &str| {
        let above = path.strip_suffix(name_of(facet, path)).unwrap_or_default();
        matcher.fit(name_of(facet, path), label(path).unwrap_or_default(), above)
    };
    let mut found: HashMap<String, (ValueMatch, u64)> = HashMap::new();
    for selection in selected {
        if let Selection::Value(path) = selection
            && query.level.is_none_or(|level| facet.level(path) == level)
            && let Some(fit) = fit(path)
        {
            found.insert(path.clone(), (fit, 0));
        }
    }
    for segment in segments {
        let SegmentCounts::Terms {
            terms: Some(terms),
            counts,
            ..
        } = segment
        else {
            continue;
        };
        let ranks = counted_ranks(terms, counts, query)?;
        for ranks in ranks.chunks(BETWEEN_CHECKS) {
            deadline.check()?;
            let mut counted = ranks.iter();
            terms.dictionary().sorted_ords_to_term_cb(ranks, |term| {
                let (Some(rank), Ok(term)) = (counted.next(), std::str::from_utf8(term)) else {
                    return;
                };
                let (path, count) = (facet.value_of(term), u64::from(counts[*rank as usize]));
                if let Some((_, sum)) = found.get_mut(path) {
                    *sum += count;
                } else if let Some(fit) = fit(path) {
                    found.insert(path.to_owned(), (fit, count));
                }
            })?;
        }
    }
    let candidate = |(path, (fit, count))| Candidate { fit, count, path };
    Ok(found.into_iter().map(candidate).collect())
}

/// The ranks of the values that cases have, at the level asked for.
fn counted_ranks(terms: &StrColumn, counts: &[u32], query: &FacetQuery) -> tantivy::Result<Vec<u64>> {
    let within = match query.level {
        Some(level) if query.facet.kind() == FacetKind::Hierarchy => {
            ranks_that_begin(terms, &query.facet.term_prefix_of_level(level))?
        }
        _ => 0..counts.len() as u64,
    };
    Ok(within.filter(|rank| counts[*rank as usize] > 0).collect())
}

/// The value itself, or the last level of its path.
fn name_of(facet: Facet, path: &str) -> &str {
    match facet {
        Facet::Territoire => path.rsplit(PATH_SEPARATOR).next().unwrap_or_default(),
        _ => path,
    }
}
