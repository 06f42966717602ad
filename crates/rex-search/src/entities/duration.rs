//! Durations: `12 mois`, `plus de 3 ans`, `de 12 à 24 mois`.

use rex_query::Facet;

use super::comparison::{Unit, bounds};
use super::entity::Reading;
use super::lookup::Values;
use super::number::Number;
use super::tokens::Words;
use rex_query::{Bounds, Selection};

const MONTHS: &[&str] = &["mois"];
const YEARS: &[&str] = &["an", "ans", "annee", "annees"];
const HALF: &[&str] = &["et demi", "et demie", "1 / 2", "et 1 / 2"];
/// Numbers in letters that others follow.
const TENS: &[&str] = &[
    "dix",
    "vingt",
    "vingts",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "cent",
    "cents",
    "mille",
];
/// Said before a duration.
const NOUNS: &[&str] = &[
    "duree",
    "duree de",
    "d une duree de",
    "d une duree",
    "pour une duree de",
    "pendant",
];
/// Those whose age is told in years too.
const PEOPLE: &[&str] = &[
    "adulte",
    "adultes",
    "age",
    "agee",
    "agees",
    "ages",
    "bebe",
    "bebes",
    "eleve",
    "eleves",
    "enfant",
    "enfants",
    "jeune",
    "jeunes",
    "personne",
    "personnes",
    "senior",
    "seniors",
];

/// Years above which a number of them is an age, or the life of a building: only concessions last longer, and they are told
/// in words too. Four years is the most of a framework agreement (Code de la commande publique, L2125-1).
const MOST_YEARS: u64 = 15;
const MONTHS_IN_A_YEAR: u64 = 12;

/// The duration at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let start = words.any(at, NOUNS).map_or(at, |at| words.skip(at, &[":", "="]));
    if is_of_a_longer_number(words, start) {
        return None;
    }
    let (next, bounds) = bounds(words, start, &unit)?;
    // Half a month is none that a case can have.
    if let Some(next) = half(words, next) {
        return Some(Reading::nothing(at..next));
    }
    let is_in_years = (start..next).any(|at| words.any(at, YEARS).is_some());
    let tells_an_age = is_in_years && (0..at).any(|before| words.any(before, PEOPLE).is_some());
    if tells_an_age || !is_duration(bounds, is_in_years) || !values.has_any(Facet::Duree) {
        return Some(Reading::nothing(at..next));
    }
    Some(Reading::new(at..next, Facet::Duree, Selection::Range(bounds)))
}

fn is_duration(bounds: Bounds, is_in_years: bool) -> bool {
    let mut known = bounds.from.into_iter().chain(bounds.to);
    known.all(|months| u32::try_from(months).is_ok() && (!is_in_years || months <= MOST_YEARS * MONTHS_IN_A_YEAR))
}

fn unit(words: &Words<'_>, at: usize) -> Option<Unit> {
    let months = words.any(at, MONTHS).map(|next| (1, next));
    let (scale, next) = months.or_else(|| words.any(at, YEARS).map(|next| (MONTHS_IN_A_YEAR, next)))?;
    let unit = Unit::new(scale, true, next);
    let more = || {
        let half = half(words, next).map(|next| (MONTHS_IN_A_YEAR / 2, next));
        half.or_else(|| months_after(words, next))
    };
    let more = (scale == MONTHS_IN_A_YEAR).then(more).flatten();
    Some(more.map_or(unit, |(more, next)| Unit { more, next, ..unit }))
}

/// The rank after a half: `et demi`, `½`.
fn half(words: &Words<'_>, at: usize) -> Option<usize> {
    let sign = words.skip(at, &["et"]);
    let is_sign = words.typed(sign) == "½";
    words.any(at, HALF).or(is_sign.then_some(sign + 1))
}

/// The months after years: `un an et 6 mois`, `1 an 6 mois`.
fn months_after(words: &Words<'_>, at: usize) -> Option<(u64, usize)> {
    let number = Number::read(words, words.skip(at, &["et", ",", "+"]))?;
    let months = number.times(1).filter(|months| *months < MONTHS_IN_A_YEAR)?;
    Some((months, words.any(number.next, MONTHS)?))
}

/// Whether a number is only the end of one: the decimals of `6,5 mois`, the units of `cent deux mois`.
fn is_of_a_longer_number(words: &Words<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let is_decimal = matches!(words.folded(before), "," | ".")
        && words.is_glued(at)
        && before > 0
        && words.digits(before - 1).is_some();
    // The "un" of "vingt et un".
    let ten = if words.folded(before) == "et" {
        before.saturating_sub(1)
    } else {
        before
    };
    is_decimal || words.digits(at).is_none() && TENS.contains(&words.folded(ten))
}
