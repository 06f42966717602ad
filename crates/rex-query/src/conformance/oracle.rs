//! The expected answers, by the plainest way to get them: looking at every record.

use std::collections::BTreeMap;

use rex_corpus::{Date, Record};

use crate::facet::Facet;
use crate::request::{Condition, SearchRequest, Selection, Sort};

/// The records that the query, the condition and the filters match, those of `except` left out.
pub(super) fn matching<'a>(records: &'a [Record], request: &SearchRequest, except: Option<Facet>) -> Vec<&'a Record> {
    let matches = |record: &&Record| holds_words(record, &request.query) && passes(record, request, except);
    records.iter().filter(matches).collect()
}

fn holds_words(record: &Record, query: &str) -> bool {
    query
        .split_whitespace()
        .all(|word| record.titre.split(' ').any(|other| other == word))
}

fn passes(record: &Record, request: &SearchRequest, except: Option<Facet>) -> bool {
    request
        .filters
        .iter()
        .filter(|(facet, _)| Some(*facet) != except)
        .all(|(facet, selections)| has(record, facet, selections))
        && fulfils(record, &request.condition)
}

fn fulfils(record: &Record, condition: &Condition) -> bool {
    match condition {
        Condition::All(conditions) => conditions.iter().all(|condition| fulfils(record, condition)),
        Condition::Any(conditions) => conditions.iter().any(|condition| fulfils(record, condition)),
        Condition::Not(condition) => !fulfils(record, condition),
        Condition::Has(facet, selections) => has(record, *facet, selections),
        Condition::Reaches(Facet::Territoire, level) => record.territoire.len() > *level,
        Condition::Reaches(Facet::Cpv, level) => record.cpv.is_some_and(|cpv| cpv.branches().len() > *level),
        Condition::Reaches(..) => false,
    }
}

fn has(record: &Record, facet: Facet, selections: &[Selection]) -> bool {
    let values = facet.values(record);
    selections.iter().any(|selection| match selection {
        Selection::Value(value) => values.contains(value),
        Selection::Range(bounds) => {
            let written = values.iter().filter_map(|value| value.parse().ok());
            facet
                .number(record)
                .into_iter()
                .chain(written)
                .any(|number| bounds.contains(number))
        }
        Selection::Missing => lacks(record, facet),
    })
}

/// Whether a record has no value of a facet.
pub(super) fn lacks(record: &Record, facet: Facet) -> bool {
    facet.values(record).is_empty() && facet.number(record).is_none()
}

/// How many of these records have each value.
pub(super) fn counts(facet: Facet, records: &[&Record]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for value in records.iter().flat_map(|record| facet.values(record)) {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

/// A text as values and titles are compared.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase().replace('é', "e")
}

/// The position of a record in an order other than relevance: smaller is earlier, records without the value are last.
pub(super) fn sort_key(record: &Record, sort: Sort) -> (bool, u64, String) {
    let ascending = |number: Option<u64>| (number.is_none(), number.unwrap_or_default(), String::new());
    let descending = |number: Option<u64>| (number.is_none(), u64::MAX - number.unwrap_or_default(), String::new());
    match sort {
        Sort::Relevance => ascending(Some(0)),
        Sort::Amount => ascending(Facet::Montant.number(record)),
        Sort::AmountDescending => descending(Facet::Montant.number(record)),
        Sort::Date => ascending(record.date.map(Date::sort_key)),
        Sort::DateDescending => descending(record.date.map(Date::sort_key)),
        Sort::Duration => ascending(Facet::Duree.number(record)),
        Sort::DurationDescending => descending(Facet::Duree.number(record)),
        Sort::Title => (false, 0, folded(&record.titre)),
    }
}
