//! To whom a contract is reserved: `réservé aux ESAT`, or an acronym by itself.

use std::collections::HashMap;
use std::sync::LazyLock;

use rex_corpus::{Reserve, reserve_names};
use rex_index::Facet;

use super::Reading;
use super::values::{Values, key};
use super::words::Words;
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

/// The reservation at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let reserved = words.any(words.skip(at, CONTRACTS), RESERVED);
    let (reserve, next) = match reserved {
        Some(reserved) => name(words, words.skip(reserved, TO))?,
        None => acronym(words, at)?,
    };
    if !values.has(Facet::Reserve, reserve.label()) {
        return Some(Reading::nothing(at..next));
    }
    let value = Selection::Value(reserve.label().to_owned());
    Some(Reading::new(at..next, Facet::Reserve, value))
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
