//! To whom a contract is reserved: `réservé aux ESAT`, `entreprise adaptée`; or only that it is: `marché réservé`.

use std::collections::HashMap;
use std::sync::LazyLock;

use rex_corpus::{Reserve, reserve_names, structure_label, structure_values};
use rex_query::Facet;

use super::entity::{Meaning, Reading};
use super::label;
use super::lookup::{Values, key};
use super::tokens::Words;
use rex_query::Selection;

/// Names of those a contract can be reserved to, with "et" and without it: `atelier chantier d'insertion`. With the reservation stands
/// the name as it is written in full.
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
    let words: Vec<_> = key.split(' ').filter(|word| !matches!(*word, "et" | "ou")).collect();
    words.join(" ")
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

/// Contracts that are said to be reserved without saying to whom; of a lot, that is said in passing.
const WHOLE_CONTRACTS: &[&str] = &["marche", "marches", "marche public", "marches publics"];

/// The reservation at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let reserved = words.any(words.skip(at, CONTRACTS), RESERVED);
    let to = |reserved| name(words, words.skip(reserved, TO));
    match reserved {
        None => named(words, at, values),
        Some(reserved) => match to(reserved) {
            Some((reserve, next)) => Some(Reading::several(at..next, meanings(&[reserve], values))),
            None => unsaid(words, at, values),
        },
    }
}

/// Those of the reservations that the index has.
fn meanings(reserves: &[Reserve], values: &dyn Values) -> Vec<Meaning> {
    let had = reserves.iter().map(|reserve| reserve.label());
    let had = had.filter(|label| values.has(Facet::Reserve, label));
    had.map(|label| (Facet::Reserve, Selection::Value(label.to_owned())))
        .collect()
}

/// Those a contract can be reserved to, by themselves; companies of their kind too, where that is a value of its own.
fn named(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let (reserve, next) = acronym(words, at)
        .into_iter()
        .chain(name(words, at))
        .max_by_key(|(_, next)| *next)?;
    if !words.stands_alone(at, next) {
        return None;
    }
    let mut meanings = meanings(&[reserve], values);
    if let Some(reading) = label::read(words, at, values).filter(|reading| reading.words.end == next) {
        meanings.extend(reading.meanings);
    }
    if let Some(structure) = structure(words, at, next, values).filter(|structure| !meanings.contains(structure)) {
        meanings.push(structure);
    }
    Some(Reading::several(at..next, meanings))
}

/// `marché réservé`: the procedure or the consideration of that name, else every reservation there is.
fn unsaid(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let next = words.any(words.any(at, WHOLE_CONTRACTS)?, RESERVED)?;
    let has_label =
        label::read(words, at, values).is_some_and(|reading| reading.words.end >= next && !reading.meanings.is_empty());
    let every = Reserve::LABELS.iter().filter_map(|label| Reserve::from_label(label));
    let meanings = meanings(&every.collect::<Vec<_>>(), values);
    (!has_label && !meanings.is_empty()).then(|| Reading::several(at..next, meanings))
}

/// The longest name at a rank: that of a reservation, or of a kind of structure that has one.
fn name(words: &Words<'_>, at: usize) -> Option<(Reserve, usize)> {
    let names = words.names(at, Facet::Reserve);
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
fn structure(words: &Words<'_>, at: usize, end: usize, values: &dyn Values) -> Option<Meaning> {
    let (name, _) = words.names(at, Facet::Reserve).find(|(_, next)| *next == end)?;
    let written = NAMES.get(&name).map_or(name.as_str(), |(_, written)| written);
    // Other names of a kind are wider than it in everyday use.
    let is_label = |label: &&str| without_and(&key(Facet::Reserve, label)) == without_and(&name);
    let label = structure_label(written).filter(is_label)?;
    let value = values.named(Facet::Structure, &key(Facet::Structure, label)).first()?;
    Some((Facet::Structure, Selection::Value(value.clone())))
}

/// A label by itself.
fn acronym(words: &Words<'_>, at: usize) -> Option<(Reserve, usize)> {
    let reserve = Reserve::from_label(words.folded(at)).filter(|_| words.stands_alone(at, at + 1))?;
    Some((reserve, at + 1))
}
