//! Relaxes a query that finds nothing or too little.
//!
//! The cases that hold all the words in some inflected form, and have the named values, are the answer. If there are none, words of the
//! same families match too, then the values become optional, then both. If there are too few, cases that hold only some of the words
//! match too, if they score near the best one. If there are enough, a case that lacks a word matches if it scores at least as the last
//! of the first page: the page is then ranked by score alone.

use tantivy::Searcher;

use rex_query::Facet;

use crate::collector::facet_collector::{FacetCollector, Matches, MinScore};
use crate::error::Result;
use crate::facet::filter_expr::CodeFilters;
use crate::open_index::OpenIndex;
use crate::query::expansion;
use crate::query::interpretation::{InterpretedQuery, Relaxation};
use crate::query::ranking_rules::RankingRule;
use crate::scoring::rerank;
use rex_query::{Matching, SearchRequest, Sort};

/// Below this many hits, and below one case in [`RELAXED_BELOW_ONE_IN`], the query is relaxed: three pages.
const RELAXED_BELOW: u64 = 30;
const RELAXED_BELOW_ONE_IN: u64 = 10;
/// A case without some of the words matches if its score, without the type boost, is at least this share of the best score. Lower,
/// there are more hits and no better ones; higher, the right case is sometimes left out (docs/RELEVANCE.md).
const RELAXED_MIN_RATIO: f32 = 0.33;

/// The collector for a query.
pub(crate) fn collector<'a>(
    index: &'a OpenIndex,
    interpreted: &'a InterpretedQuery,
    request: &'a SearchRequest,
    filters: &'a CodeFilters,
    facets: &'a [Facet],
    depth: usize,
) -> FacetCollector<'a> {
    // No score to boost in another order.
    let is_ranked = request.sort == Sort::Relevance;
    FacetCollector {
        index: &index.facets,
        ordinals: &index.ordinals,
        filters,
        facets,
        sort: request.sort,
        is_scored: !interpreted.matches_all(),
        limit: match depth {
            0 => 0,
            // Proximity and meaning may move them to the first page.
            _ if interpreted.terms.len() > 1 => depth.max(rerank::DEPTH),
            _ => depth,
        },
        boosts: if is_ranked { &interpreted.named } else { &[] },
        cases: index.cases.as_ref().filter(|_| is_ranked),
        deadline: request.deadline,
    }
}

/// The matches of a query, relaxed if needed; the query as it was run; and whether some of the matches lack some of the words.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn widen(
    index: &OpenIndex,
    searcher: &Searcher,
    mut interpreted: InterpretedQuery,
    request: &SearchRequest,
    facets: &[Facet],
    depth: usize,
) -> Result<(Matches, InterpretedQuery, bool)> {
    let filters = CodeFilters::of(request, &index.facets)?;
    let is_fixed = request.matching == Matching::All || !index.settings.has(RankingRule::Relaxing);
    interpreted.relaxation.missing_required = is_fixed;
    let lacks_words =
        |matches: &Matches, interpreted: &InterpretedQuery| matches.matched > 0 && interpreted.lacks_words();
    let first = collector(index, &interpreted, request, &filters, facets, depth);
    let enough = RELAXED_BELOW.min(searcher.num_docs() / RELAXED_BELOW_ONE_IN).max(1);
    let all = index.plan(&interpreted).all_words();
    let mut matches = match is_fixed {
        true => first.search(searcher, &all, None)?,
        false => first.search_with_partial(searcher, &all, enough)?,
    };
    if matches.matched >= enough || interpreted.terms.is_empty() && interpreted.values.is_empty() {
        let relaxed = lacks_words(&matches, &interpreted);
        return Ok((matches, interpreted, relaxed));
    }
    let derived = derived(index, searcher, &interpreted, request)?;
    if matches.matched == 0 {
        for further in further(&interpreted, derived.as_ref()) {
            let next = collector(index, &further, request, &filters, facets, depth);
            let found = next.search(searcher, &index.plan(&further).all_words(), None)?;
            if found.matched > 0 {
                (matches, interpreted) = (found, further);
                break;
            }
        }
    }
    if matches.matched >= enough || interpreted.terms.len() < 2 || interpreted.is_only_values() || is_fixed {
        let relaxed = lacks_words(&matches, &interpreted);
        return Ok((matches, interpreted, relaxed));
    }
    let by_family = match &derived {
        Some(derived) => InterpretedQuery {
            relaxation: interpreted.relaxation,
            ..derived.clone()
        },
        None => interpreted.clone(),
    };
    let any = index.plan(&by_family).any_word();
    let Some(best) = any.best(searcher, request.deadline)? else {
        let relaxed = lacks_words(&matches, &interpreted);
        return Ok((matches, interpreted, relaxed));
    };
    let min_score = MinScore {
        score: best * RELAXED_MIN_RATIO,
        // Of the query as it is by now: the words of a family may match too, or the values be optional.
        always: index
            .plan(&interpreted)
            .all_words()
            .documents(searcher, request.deadline)?,
    };
    let any_words = collector(index, &by_family, request, &filters, facets, depth);
    let mut near = any_words.search(searcher, &any, Some(&min_score))?;
    near.lacking = near.total.saturating_sub(matches.total);
    // There may be no further cases near the best score.
    if near.matched > matches.matched {
        return Ok((near, by_family, true));
    }
    let relaxed = lacks_words(&matches, &interpreted);
    Ok((matches, interpreted, relaxed))
}

/// The same query with the words of the same families; `None` if there are none.
fn derived(
    index: &OpenIndex,
    searcher: &Searcher,
    interpreted: &InterpretedQuery,
    request: &SearchRequest,
) -> Result<Option<InterpretedQuery>> {
    let mut derived = interpreted.clone();
    let has_any = expansion::derive(
        &index.term_stats(searcher, request.deadline),
        &index.settings,
        &mut derived.terms,
        |_| true,
    )?;
    Ok(has_any.then_some(derived))
}

/// The relaxed queries to try in turn if nothing matches.
fn further(interpreted: &InterpretedQuery, derived: Option<&InterpretedQuery>) -> Vec<InterpretedQuery> {
    let relaxations = [(true, false), (false, true), (true, true)].map(|(derived, values_optional)| Relaxation {
        derived,
        values_optional,
        missing_required: interpreted.relaxation.missing_required,
    });
    let further = relaxations.into_iter().filter_map(|relaxation| {
        // A query that is a single value keeps it.
        let is_single = interpreted.is_only_values() && interpreted.values.len() == 1;
        if relaxation.values_optional && (interpreted.values.is_empty() || is_single) {
            return None;
        }
        let interpreted = if relaxation.derived { derived? } else { interpreted };
        Some(InterpretedQuery {
            relaxation,
            ..interpreted.clone()
        })
    });
    further.collect()
}
