//! How a search goes further where it finds nothing, or next to nothing.
//!
//! The cases that hold all the words in some inflected form, and the values that the query names, are the answer. Where there is none,
//! other words of the same families count, then the values become optional, then both. Where there are next to none, cases that
//! hold only some of the words are found too, if they score near the best one.

use tantivy::Searcher;
use tantivy::collector::DocSetCollector;

use rex_query::Facet;

use crate::collector::deadline::Deadline;
use crate::collector::facet_collector::{Floor, Matches, Pass};
use crate::error::Result;
use crate::open_index::OpenIndex;
use crate::query::expansion;
use crate::query::interpretation::{Reach, Reading};
use crate::query::ranking_rules::RankingRule;
use crate::scoring::proximity;
use rex_query::{Matching, SearchRequest, Sort};

/// Below this many hits, and below one case in [`RELAXED_BELOW_ONE_IN`], the query is relaxed: three pages.
const RELAXED_BELOW: u64 = 30;
const RELAXED_BELOW_ONE_IN: u64 = 10;
/// A case without some of the words counts as found when its score, without what raises it as a case, is at least this share of the best
/// one. Lower, counts swell and nothing is found better; higher, the right case is sometimes left out (docs/RELEVANCE.md).
const RELAXED_MIN_RATIO: f32 = 0.33;

/// A pass over the matches of a query.
pub(crate) fn pass<'a>(
    index: &'a OpenIndex,
    reading: &'a Reading,
    request: &'a SearchRequest,
    facets: &'a [Facet],
    reach: usize,
    deadline: Deadline,
) -> Pass<'a> {
    // In another order there is no score to raise.
    let is_ranked = request.sort == Sort::Relevance;
    Pass {
        index: &index.facets,
        ranks: &index.ranks,
        filters: &request.filters,
        condition: &request.condition,
        facets,
        sort: request.sort,
        is_scored: !reading.is_everything(),
        limit: match reach {
            0 => 0,
            // Those that proximity may put among the first.
            _ if index.plan(reading).has_proximity() => reach.max(proximity::DEPTH),
            _ => reach,
        },
        floor: None,
        raises: if is_ranked { &reading.named } else { &[] },
        cases: index.cases.as_ref().filter(|_| is_ranked),
        deadline,
    }
}

/// The matches of a query, the query as it was searched, and whether some of them do not hold all the words.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn widen(
    index: &OpenIndex,
    searcher: &Searcher,
    mut reading: Reading,
    request: &SearchRequest,
    facets: &[Facet],
    reach: usize,
    deadline: Deadline,
) -> Result<(Matches, Reading, bool)> {
    let is_fixed = request.matching == Matching::All || !index.settings.has(RankingRule::Relaxing);
    reading.reach.missing_required = is_fixed;
    let lacks_words = |matches: &Matches, reading: &Reading| matches.matched > 0 && reading.lacks_words();
    let first = pass(index, &reading, request, facets, reach, deadline);
    let mut matches = first.search(searcher, &index.plan(&reading).all_words())?;
    let enough = RELAXED_BELOW.min(searcher.num_docs() / RELAXED_BELOW_ONE_IN).max(1);
    if matches.matched >= enough || reading.meanings.is_empty() && reading.values.is_empty() {
        let relaxed = lacks_words(&matches, &reading);
        return Ok((matches, reading, relaxed));
    }
    let derived = derived(index, searcher, &reading)?;
    if matches.matched == 0 {
        for further in further(&reading, derived.as_ref()) {
            let next = pass(index, &further, request, facets, reach, deadline);
            let found = next.search(searcher, &index.plan(&further).all_words())?;
            if found.matched > 0 {
                (matches, reading) = (found, further);
                break;
            }
        }
    }
    if matches.matched >= enough || reading.meanings.len() < 2 || reading.is_only_values() || is_fixed {
        let relaxed = lacks_words(&matches, &reading);
        return Ok((matches, reading, relaxed));
    }
    let by_family = match &derived {
        Some(derived) => Reading {
            reach: reading.reach,
            ..derived.clone()
        },
        None => reading.clone(),
    };
    let any = index.plan(&by_family).any_word();
    let Some(best) = any.best(searcher, deadline)? else {
        let relaxed = lacks_words(&matches, &reading);
        return Ok((matches, reading, relaxed));
    };
    let all = index.plan(&reading).all_words();
    let floor = Floor {
        score: best * RELAXED_MIN_RATIO,
        always: searcher.search(&*all.query, &DocSetCollector)?,
    };
    let some = Pass {
        floor: Some(&floor),
        ..pass(index, &by_family, request, facets, reach, deadline)
    };
    let near = some.search(searcher, &any)?;
    // Cases that hold all the words may be all there is.
    if near.matched > matches.matched {
        return Ok((near, by_family, true));
    }
    let relaxed = lacks_words(&matches, &reading);
    Ok((matches, reading, relaxed))
}

/// The same query with the other words of the families of its words; none where there is no such word.
fn derived(index: &OpenIndex, searcher: &Searcher, reading: &Reading) -> Result<Option<Reading>> {
    let mut derived = reading.clone();
    let has_any = expansion::derive(
        &index.vocabulary(searcher),
        &index.settings,
        &mut derived.meanings,
        |_| true,
    )?;
    Ok(has_any.then_some(derived))
}

/// What is searched, one after the other, for a query that nothing matches.
fn further(reading: &Reading, derived: Option<&Reading>) -> Vec<Reading> {
    let reaches = [(true, false), (false, true), (true, true)].map(|(derived, values_optional)| Reach {
        derived,
        values_optional,
        missing_required: reading.reach.missing_required,
    });
    let further = reaches.into_iter().filter_map(|reach| {
        // A single value and nothing else is not to be done without.
        let is_single = reading.is_only_values() && reading.values.len() == 1;
        if reach.values_optional && (reading.values.is_empty() || is_single) {
            return None;
        }
        let reading = if reach.derived { derived? } else { reading };
        Some(Reading {
            reach,
            ..reading.clone()
        })
    });
    further.collect()
}
