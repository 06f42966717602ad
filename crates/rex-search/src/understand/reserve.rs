//! To whom a contract is reserved: `réservé aux ESAT`, `entreprise adaptée`; or only that it is: `marché réservé`.

use std::collections::HashMap;
use std::sync::LazyLock;

use rex_corpus::{Reserve, reserve_names};
use rex_index::Facet;

use super::values::{Values, key};
use super::words::Words;
use super::{Meaning, Reading, label};
use crate::request::Selection;

/// Names of those a contract can be reserved to.
static NAMES: LazyLock<HashMap<String, Reserve>> = LazyLock::new(|| {
    reserve_names()
        .map(|(name, reserve)| (key(Facet::Reserve, name), reserve))
        .collect()
});

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

/// The longest name at a rank.
fn name(words: &Words<'_>, at: usize) -> Option<(Reserve, usize)> {
    let names = words.names(at, Facet::Reserve);
    let known = names.filter_map(|(name, next)| Some((*NAMES.get(&name)?, next)));
    known.last()
}

/// A label by itself.
fn acronym(words: &Words<'_>, at: usize) -> Option<(Reserve, usize)> {
    let reserve = Reserve::from_label(words.folded(at)).filter(|_| words.stands_alone(at, at + 1))?;
    Some((reserve, at + 1))
}
