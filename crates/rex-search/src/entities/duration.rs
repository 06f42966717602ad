//! Durations: `12 mois`, `plus de 3 ans`, `de 12 à 24 mois`.

use rex_query::Facet;

use super::comparison::{Unit, bounds};
use super::entity::EntityReading;
use super::lookup::FacetLookup;
use super::number::Number;
use super::tokens::QueryTokens;
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
/// Comes before a duration.
const NOUNS: &[&str] = &[
    "duree",
    "duree de",
    "d une duree de",
    "d une duree",
    "pour une duree de",
    "pendant",
];
/// People, who have an age in years too.
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

/// Above this many years, a number is an age or the life of a building. Only concessions last longer, and their documents use other
/// words too. A framework agreement lasts at most four years (Code de la commande publique, L2125-1).
const MOST_YEARS: u64 = 15;
const MONTHS_IN_A_YEAR: u64 = 12;

/// The duration at an index.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let start = tokens.any(at, NOUNS).map_or(at, |at| tokens.skip(at, &[":", "="]));
    if is_of_a_longer_number(tokens, start) {
        return None;
    }
    let (next, bounds) = bounds(tokens, start, &unit)?;
    // Half a month is none that a case can have.
    if let Some(next) = half(tokens, next) {
        return Some(EntityReading::nothing(at..next));
    }
    let is_in_years = (start..next).any(|at| tokens.any(at, YEARS).is_some());
    let tells_an_age = is_in_years && (0..at).any(|before| tokens.any(before, PEOPLE).is_some());
    if tells_an_age || !is_duration(bounds, is_in_years) || !values.has_any(Facet::Duree) {
        return Some(EntityReading::nothing(at..next));
    }
    Some(EntityReading::new(at..next, Facet::Duree, Selection::Range(bounds)))
}

fn is_duration(bounds: Bounds, is_in_years: bool) -> bool {
    let mut known = bounds.from.into_iter().chain(bounds.to);
    known.all(|months| u32::try_from(months).is_ok() && (!is_in_years || months <= MOST_YEARS * MONTHS_IN_A_YEAR))
}

fn unit(tokens: &QueryTokens<'_>, at: usize) -> Option<Unit> {
    let months = tokens.any(at, MONTHS).map(|next| (1, next));
    let (scale, next) = months.or_else(|| tokens.any(at, YEARS).map(|next| (MONTHS_IN_A_YEAR, next)))?;
    let unit = Unit::new(scale, true, next);
    let more = || {
        let half = half(tokens, next).map(|next| (MONTHS_IN_A_YEAR / 2, next));
        half.or_else(|| months_after(tokens, next))
    };
    let more = (scale == MONTHS_IN_A_YEAR).then(more).flatten();
    Some(more.map_or(unit, |(more, next)| Unit { more, next, ..unit }))
}

/// The index after a half: `et demi`, `½`.
fn half(tokens: &QueryTokens<'_>, at: usize) -> Option<usize> {
    let sign = tokens.skip(at, &["et"]);
    let is_sign = tokens.typed(sign) == "½";
    tokens.any(at, HALF).or(is_sign.then_some(sign + 1))
}

/// The months after years: `un an et 6 mois`, `1 an 6 mois`.
fn months_after(tokens: &QueryTokens<'_>, at: usize) -> Option<(u64, usize)> {
    let number = Number::read(tokens, tokens.skip(at, &["et", ",", "+"]))?;
    let months = number.times(1).filter(|months| *months < MONTHS_IN_A_YEAR)?;
    Some((months, tokens.any(number.next, MONTHS)?))
}

/// Whether a number is only the end of one: the decimals of `6,5 mois`, the units of `cent deux mois`.
fn is_of_a_longer_number(tokens: &QueryTokens<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let is_decimal = matches!(tokens.folded(before), "," | ".")
        && tokens.is_glued(at)
        && before > 0
        && tokens.digits(before - 1).is_some();
    // The "un" of "vingt et un".
    let ten = if tokens.folded(before) == "et" {
        before.saturating_sub(1)
    } else {
        before
    };
    is_decimal || tokens.digits(at).is_none() && TENS.contains(&tokens.folded(ten))
}
