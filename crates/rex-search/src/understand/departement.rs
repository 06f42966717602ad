//! Départements by number: `dans le 31`, `(2A)`, `974`.

use rex_corpus::Territories;
use rex_index::{Facet, PATH_SEPARATOR};

use super::Reading;
use super::values::{Values, key};
use super::words::{Kind, Words};
use crate::request::Selection;

const LEADS: &[&str] = &[
    "dans le",
    "dans les",
    "departement",
    "departements",
    "departement du",
    "departement de",
    "le departement",
    "dept",
    "dpt",
    "dep",
    "dans le departement",
    "dans le departement du",
    "dans le dept",
    "dept .",
    "dpt .",
    "dep .",
    "departement n °",
    "departement :",
];

/// Words after which a number is a rank, an age, a bound, a date.
const RANKED: &[&str] = &[
    "lot",
    "lots",
    "n",
    "no",
    "numero",
    "numeros",
    "article",
    "articles",
    "art",
    "tranche",
    "phase",
    "niveau",
    "page",
    "pages",
    "covid",
    "agenda",
    "de",
    "d",
    "a",
    "entre",
    "plus",
    "moins",
    "jusqu",
    "<",
    ">",
    "=",
    "≤",
    "≥",
    "+",
    "x",
    "avenue",
    "rue",
    "annexe",
    "categorie",
    "classe",
    "type",
    "etape",
    "chapitre",
    "les",
    "le",
    "des",
];

/// Words after a number that it counts, beside plurals.
const COUNTED: &[&str] = &[
    "€", "%", "°", "a", "an", "annee", "eur", "euro", "h", "ha", "heure", "j", "jour", "k", "kg", "km", "kwh", "lit",
    "lot", "m", "m2", "m3", "million", "millions", "ml", "mwh", "mille", "t", "tonne", "v", "w", "et", "-",
];

/// The département at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let is_open = words.folded(at) == "(";
    let lead = words.any(at, LEADS);
    let start = lead.unwrap_or(at + usize::from(is_open));
    let (name, end) = named(words, start)?;
    let is_enclosed = is_open && words.folded(end) == ")";
    let next = end + usize::from(is_enclosed);
    let is_shown = lead.is_some() || is_enclosed;
    if is_open != is_enclosed || !words.stands_alone(start, end) || !is_shown && is_something_else(words, start, end) {
        return None;
    }
    let path = path(values.named(Facet::Territoire, &key(Facet::Territoire, name)))?;
    Some(Reading::new(
        at..next,
        Facet::Territoire,
        Selection::Value(path.clone()),
    ))
}

/// The name of the code at a rank, and the rank after it.
fn named(words: &Words<'_>, at: usize) -> Option<(&'static str, usize)> {
    let digits = words.digits(at)?;
    let letter = words.folded(at + 1);
    let (code, end) = if digits == "2" && words.is_glued(at + 1) && matches!(letter, "a" | "b") {
        (format!("2{}", letter.to_uppercase()), at + 2)
    } else {
        (digits.to_owned(), at + 1)
    };
    let known = Territories::departements().iter().find(|known| known.code == code);
    known.map(|known| (known.name, end))
}

/// Whether a number among words counts or ranks something.
fn is_something_else(words: &Words<'_>, start: usize, end: usize) -> bool {
    let before = start.checked_sub(1);
    let is_ranked =
        before.is_some_and(|before| RANKED.contains(&words.folded(before)) || words.digits(before).is_some());
    let after = words.get(end);
    let is_counted = after.is_some_and(|after| {
        let is_plural = after.kind == Kind::Letters && !after.is_capital && after.folded.ends_with(['s', 'x']);
        is_plural || after.kind == Kind::Digits || COUNTED.contains(&after.folded.as_str())
    });
    is_ranked || is_counted
}

/// The path at the level of départements; where a publisher leaves the région out, the highest.
fn path(paths: &[String]) -> Option<&String> {
    let is_departement = |path: &&String| path.matches(PATH_SEPARATOR).count() == 1;
    paths.iter().find(is_departement).or(paths.first())
}
