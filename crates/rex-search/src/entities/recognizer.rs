//! Runs every reader at every token of a query; the longest reading wins.

use std::cmp::Reverse;
use std::ops::Range;

use rex_query::{Chip, SearchRequest};

use super::entity::{Entity, EntityReading};
use super::lookup::FacetLookup;
use super::tokens::QueryTokens;
use super::{amount, cpv, departement, duration, label, nature, place, postcode, reference, reserve, year};
use crate::query::parser::free;

/// The entities of a query, in order; of two that overlap, the longer one. A period gives one entity per year.
pub(crate) fn recognize(query: &str, values: &dyn FacetLookup) -> Vec<Entity> {
    let mut candidates = Vec::new();
    for stretch in free(query) {
        let tokens = QueryTokens::new(query, stretch);
        for at in 0..tokens.len() {
            let readings = READERS.iter().filter_map(|read| read(&tokens, at, values));
            candidates.extend(readings.map(|reading| (tokens.bytes(&reading.tokens), reading)));
        }
    }
    // The sort is stable: of two with the same length, the first in the query wins, then that of the first reader.
    candidates.sort_by_key(|(range, _)| Reverse(range.len()));
    let mut kept: Vec<(Range<usize>, EntityReading)> = Vec::new();
    for (range, reading) in candidates {
        if kept
            .iter()
            .all(|(other, _)| range.end <= other.start || other.end <= range.start)
        {
            kept.push((range, reading));
        }
    }
    kept.sort_by_key(|(range, _)| range.start);
    if kept.iter().all(|(_, reading)| reading.selections.is_empty())
        && let Some((range, reading)) = lone_amount(query, values)
    {
        kept = vec![(range, reading)];
    }
    let mut entities = Vec::new();
    for (range, reading) in kept {
        let is_of_a_period = reading.is_period;
        entities.extend(reading.selections.into_iter().map(|(facet, selection)| Entity {
            range: range.clone(),
            facet,
            selection,
            is_of_a_period,
        }));
    }
    entities
}

/// The amount, if the query is nothing else and has no other entity.
fn lone_amount(query: &str, values: &dyn FacetLookup) -> Option<(Range<usize>, EntityReading)> {
    let stretch = free(query).next()?;
    let tokens = QueryTokens::new(query, stretch);
    let reading = (0..tokens.len()).find_map(|at| amount::alone(&tokens, at, values))?;
    Some((tokens.bytes(&reading.tokens), reading))
}

/// The entities of the query that are not among the filters, each once.
pub(crate) fn chips(request: &SearchRequest, entities: &[Entity]) -> Vec<Chip> {
    let mut chips: Vec<Chip> = Vec::new();
    for part in entities {
        let is_selected = request.filters.of(part.facet).contains(&part.selection);
        let is_given = |chip: &Chip| chip.facet == part.facet && chip.selection == part.selection;
        if !is_selected && !chips.iter().any(is_given) {
            chips.push(Chip {
                text: request.query[part.range.clone()].to_owned(),
                range: part.range.clone(),
                facet: part.facet,
                selection: part.selection.clone(),
            });
        }
    }
    chips
}

/// Returns the longest reading that begins at a token.
type Reader = fn(&QueryTokens<'_>, usize, &dyn FacetLookup) -> Option<EntityReading>;

/// In the order of precedence among readings of the same length.
const READERS: [Reader; 11] = [
    reference::read,
    amount::read,
    duration::read,
    reserve::read,
    label::read,
    nature::read,
    year::read,
    cpv::read,
    place::read,
    departement::read,
    postcode::read,
];
