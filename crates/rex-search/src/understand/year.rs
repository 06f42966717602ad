//! Years: `2023`, `en 2023`.

use rex_index::Facet;

use super::Reading;
use super::values::Values;
use super::words::{Kind, Words};
use crate::request::Selection;

/// From the first contracts that anyone publishes to far enough ahead.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2100;

const BEFORE: &[&str] = &[
    "en",
    "annee",
    "l annee",
    "en l annee",
    "de l annee",
    "pour l annee",
    "date",
];
/// Before a year that is the end of a period: no single year is meant.
const PERIODS: &[&str] = &[
    "depuis",
    "avant",
    "apres",
    "jusqu en",
    "jusqu a",
    "a partir de",
    "d ici",
    "des",
];

/// The year at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let period = words.any(at, PERIODS);
    let start = period.unwrap_or_else(|| words.skip(at, BEFORE));
    let digits = words.digits(start).filter(|digits| digits.len() == 4)?;
    let is_year = digits.parse().is_ok_and(|year| YEARS.contains(&year));
    let is_grouped = words.digits(start + 1).is_some() && words.follows_one_space(start + 1);
    if !is_year || is_grouped || !words.stands_alone(start, start + 1) || is_counted(words, start + 1) {
        return None;
    }
    if period.is_some() || !values.has(Facet::Annee, digits) {
        return Some(Reading::nothing(at..start + 1));
    }
    let year = Selection::Value(digits.to_owned());
    Some(Reading::new(at..start + 1, Facet::Annee, year))
}

/// Whether a sign after a number says that it counts something.
fn is_counted(words: &Words<'_>, at: usize) -> bool {
    let is_unit = matches!(
        words.folded(at),
        "€" | "%" | "k" | "m" | "m2" | "m3" | "km" | "kg" | "t"
    );
    is_unit && words.get(at).is_some_and(|word| word.kind != Kind::Digits)
}
