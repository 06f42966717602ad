//! To whom a contract is reserved: `réservé aux ESAT`, `entreprise adaptée`; or only that it is: `marché réservé`.

use std::collections::HashMap;
use std::sync::LazyLock;

use rex_corpus::{Reserve, reserve_names, structure_label, structure_values};
use rex_query::Facet;

use super::entity::{EntityReading, FacetSelection};
use super::label;
use super::lookup::{FacetLookup, key};
use super::tokens::QueryTokens;
use rex_query::Selection;

/// Names of reservations, with "et" and without it: `atelier chantier d'insertion`. Each with its reservation and the name in full.
static NAMES: LazyLock<HashMap<String, (Reserve, &'static str)>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for (name, reserve) in reserve_names() {
        let key = key(Facet::Reserve, name);
        names.insert(without_and(&key), (reserve, name));
        names.insert(key, (reserve, name));
    }
    names
});

/// Letters of the shortest acronym of a kind of structure that is no everyday word: not `AI`.
const ACRONYM: usize = 3;

fn without_and(key: &str) -> String {
    let tokens: Vec<_> = key.split(' ').filter(|token| !matches!(*token, "et" | "ou")).collect();
    tokens.join(" ")
}

const CONTRACTS: &[&str] = &[
    "marche",
    "marches",
    "marche public",
    "marches publics",
    "lot",
    "lots",
    "accord cadre",
    "accords cadres",
    "contrat",
    "contrats",
];
const RESERVED: &[&str] = &["reserve", "reserves", "reservee", "reservees"];
const TO: &[&str] = &[
    "a",
    "aux",
    "a l",
    "a la",
    "a un",
    "a une",
    "a des",
    "a d",
    "pour",
    "pour les",
    "aux seuls",
    "aux seules",
    ":",
    "=",
];

/// Contracts that are reserved without saying to whom; a lot is so only in passing.
const WHOLE_CONTRACTS: &[&str] = &["marche", "marches", "marche public", "marches publics"];

/// The reservation at an index.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let reserved = tokens.any(tokens.skip(at, CONTRACTS), RESERVED);
    let to = |reserved| name(tokens, tokens.skip(reserved, TO));
    match reserved {
        None => named(tokens, at, values),
        Some(reserved) => match to(reserved) {
            Some((reserve, next)) => Some(EntityReading::several(at..next, selections(&[reserve], values))),
            None => unsaid(tokens, at, values),
        },
    }
}

/// Those of the reservations that the index has.
fn selections(reserves: &[Reserve], values: &dyn FacetLookup) -> Vec<FacetSelection> {
    let had = reserves.iter().map(|reserve| reserve.label());
    let had = had.filter(|label| values.has(Facet::Reserve, label));
    had.map(|label| (Facet::Reserve, Selection::Value(label.to_owned())))
        .collect()
}

/// Those a contract can be reserved to, by themselves; companies of their kind too, where that is a value of its own.
fn named(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let (reserve, next) = acronym(tokens, at)
        .into_iter()
        .chain(name(tokens, at))
        .max_by_key(|(_, next)| *next)?;
    if !tokens.stands_alone(at, next) {
        return None;
    }
    let mut selections = selections(&[reserve], values);
    if let Some(reading) = label::read(tokens, at, values).filter(|reading| reading.tokens.end == next) {
        selections.extend(reading.selections);
    }
    if let Some(structure) = structure(tokens, at, next, values).filter(|structure| !selections.contains(structure)) {
        selections.push(structure);
    }
    Some(EntityReading::several(at..next, selections))
}

/// `marché réservé`: the procedure or the consideration of that name, else every reservation there is.
fn unsaid(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let next = tokens.any(tokens.any(at, WHOLE_CONTRACTS)?, RESERVED)?;
    let has_label = label::read(tokens, at, values)
        .is_some_and(|reading| reading.tokens.end >= next && !reading.selections.is_empty());
    let every = Reserve::LABELS.iter().filter_map(|label| Reserve::from_label(label));
    let selections = selections(&every.collect::<Vec<_>>(), values);
    (!has_label && !selections.is_empty()).then(|| EntityReading::several(at..next, selections))
}

/// The longest name at an index: that of a reservation, or of a kind of structure that has one.
fn name(tokens: &QueryTokens<'_>, at: usize) -> Option<(Reserve, usize)> {
    let names = tokens.names(at, Facet::Reserve);
    let known = names.filter_map(|(name, next)| Some((reserve(&name)?, next)));
    known.last()
}

fn reserve(name: &str) -> Option<Reserve> {
    if let Some((reserve, _)) = NAMES.get(name) {
        return Some(*reserve);
    }
    let kinds = (name.len() >= ACRONYM).then(|| structure_values(name))?;
    kinds.iter().find_map(|kind| Reserve::from_label(kind))
}

/// The kind of structure whose label some words are, "et" aside, where the index has it.
fn structure(tokens: &QueryTokens<'_>, at: usize, end: usize, values: &dyn FacetLookup) -> Option<FacetSelection> {
    let (name, _) = tokens.names(at, Facet::Reserve).find(|(_, next)| *next == end)?;
    let written = NAMES.get(&name).map_or(name.as_str(), |(_, written)| written);
    // Other names of a kind are wider than it in everyday use.
    let is_label = |label: &&str| without_and(&key(Facet::Reserve, label)) == without_and(&name);
    let label = structure_label(written).filter(is_label)?;
    let value = values.named(Facet::Structure, &key(Facet::Structure, label)).first()?;
    Some((Facet::Structure, Selection::Value(value.clone())))
}

/// A label by itself.
fn acronym(tokens: &QueryTokens<'_>, at: usize) -> Option<(Reserve, usize)> {
    let reserve = Reserve::from_label(tokens.folded(at)).filter(|_| tokens.stands_alone(at, at + 1))?;
    Some((reserve, at + 1))
}
