//! What of a query names a value: `insertion déchets Bretagne < 40 k€ MAPA 2023` holds a territory, an amount, a procedure
//! and a year.
//!
//! ```text
//! query ─ free ─ stretches ─ Words ─ every reader at every word ─ readings ─ the longest win ─ Understood
//! ```
//!
//! Only what the index can satisfy is understood, and nothing within a quoted phrase or an exclusion.

mod amount;
mod common;
mod comparison;
mod count;
mod cpv;
mod departement;
mod dictionary;
mod duration;
mod label;
mod lookup;
mod nature;
mod number;
mod place;
mod place_lead;
mod postcode;
mod reference;
mod reserve;
mod tokens;
mod year;

use std::cmp::Reverse;
use std::ops::Range;

use rex_index::Facet;

pub use cpv::codes_meant;
pub(crate) use cpv::digits_of;
pub(crate) use departement::meant as departement_meant;
pub(crate) use dictionary::KnownValues;
pub(crate) use label::{other_labels, other_names};
pub(crate) use lookup::Values;

use crate::query::parser::free;
use crate::request::{SearchRequest, Selection};
use crate::response::Chip;
use tokens::Words;

/// Words of the longest name that is looked up; the labels of the procedures have up to nine.
const MAX_NAME_WORDS: usize = 12;

/// A part of a query that names a value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Understood {
    /// Its bytes in the query, no space at either end.
    pub(crate) range: Range<usize>,
    /// The facet.
    pub(crate) facet: Facet,
    /// What the facet would be narrowed to.
    pub(crate) selection: Selection,
    /// Whether it is one of the years of a period.
    is_of_a_period: bool,
}

impl Understood {
    /// Whether it names the bounds of numbers or years rather than one number or value.
    pub(crate) fn is_bound(&self) -> bool {
        self.is_of_a_period || matches!(&self.selection, Selection::Range(bounds) if bounds.from != bounds.to)
    }
}

/// What a query names, in its order; where two readings overlap, the longer one counts. What names several values is there once for
/// each: the years of a period.
pub(crate) fn understand(query: &str, values: &dyn Values) -> Vec<Understood> {
    let mut candidates = Vec::new();
    for stretch in free(query) {
        let words = Words::new(query, stretch);
        for at in 0..words.len() {
            let readings = READERS.iter().filter_map(|read| read(&words, at, values));
            candidates.extend(readings.map(|reading| (words.bytes(&reading.words), reading)));
        }
    }
    // The sort is stable: of two that are as long, the one that begins first counts, then that of the first reader.
    candidates.sort_by_key(|(range, _)| Reverse(range.len()));
    let mut kept: Vec<(Range<usize>, Reading)> = Vec::new();
    for (range, reading) in candidates {
        if kept
            .iter()
            .all(|(other, _)| range.end <= other.start || other.end <= range.start)
        {
            kept.push((range, reading));
        }
    }
    kept.sort_by_key(|(range, _)| range.start);
    if kept.iter().all(|(_, reading)| reading.meanings.is_empty())
        && let Some((range, reading)) = lone_amount(query, values)
    {
        kept = vec![(range, reading)];
    }
    let mut understood = Vec::new();
    for (range, reading) in kept {
        let is_of_a_period = reading.is_period;
        understood.extend(reading.meanings.into_iter().map(|(facet, selection)| Understood {
            range: range.clone(),
            facet,
            selection,
            is_of_a_period,
        }));
    }
    understood
}

/// The amount that is all a query says, where nothing else is understood of it.
fn lone_amount(query: &str, values: &dyn Values) -> Option<(Range<usize>, Reading)> {
    let stretch = free(query).next()?;
    let words = Words::new(query, stretch);
    let reading = (0..words.len()).find_map(|at| amount::alone(&words, at, values))?;
    Some((words.bytes(&reading.words), reading))
}

/// What a request's query names and its filters do not have yet, each once.
pub(crate) fn chips(request: &SearchRequest, understood: &[Understood]) -> Vec<Chip> {
    let mut chips: Vec<Chip> = Vec::new();
    for part in understood {
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

type Meaning = (Facet, Selection);

/// What words at one place of a query can be read as.
struct Reading {
    words: Range<usize>,
    /// None where they are known to mean no value, so that no part of them is read as one.
    meanings: Vec<Meaning>,
    /// Whether the meanings are the years of a period.
    is_period: bool,
}

impl Reading {
    fn new(words: Range<usize>, facet: Facet, selection: Selection) -> Self {
        Self::several(words, vec![(facet, selection)])
    }

    fn several(words: Range<usize>, meanings: Vec<Meaning>) -> Self {
        Self {
            words,
            meanings,
            is_period: false,
        }
    }

    fn nothing(words: Range<usize>) -> Self {
        Self::several(words, Vec::new())
    }
}

/// Gives the longest reading that begins at a word.
type Reader = fn(&Words<'_>, usize, &dyn Values) -> Option<Reading>;

/// In the order in which readings of one length count.
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

#[cfg(test)]
mod tests;
