//! Amounts: `< 40 k€`, `plus de 1,5 million d'euros`, `entre 40 000 et 90 000 € HT`, `plus de 90000`.

use rex_corpus::Euros;
use rex_query::Facet;

use super::comparison::{Unit, bounds};
use super::count::{counts, is_of_what_is_before};
use super::entity::EntityReading;
use super::lookup::FacetLookup;
use super::number::Number;
use super::tokens::{QueryTokens, is_hyphen};
use super::{place, year};
use rex_query::{Bounds, Selection};

/// Cents in a euro.
const EURO: u64 = 100;

const EUROS: &[&str] = &["€", "eur", "euro", "euros", "d euro", "d euros", "de euros"];
const BEFORE_TAX: &[&str] = &["ht", "hors taxe", "hors taxes"];
const WITH_TAX: &[&str] = &["ttc", "toutes taxes comprises"];
/// A number without a unit is in euros if it is above any year.
const LAST_YEAR: u64 = 2_100;

/// Least number of a comparison that is in euros without a unit.
const LEAST_BARE: u64 = 1_000;
/// Least lower bound of such a comparison.
const LEAST_BARE_FROM: u64 = 100;
/// Least number of such a range with a dash.
const LEAST_BARE_DASHED: u64 = 10_000;

/// Nouns before an amount, which then needs no unit.
const NOUNS: &[&str] = &[
    "montant",
    "montants",
    "budget",
    "montant ht",
    "d un montant de",
    "d un montant",
    "budget de",
    "montant de",
];

/// The amount at an index.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let plain = bounds(tokens, at, &|tokens, at| unit(tokens, at));
    let after_noun = tokens.any(at, NOUNS).and_then(|at| {
        let at = tokens.skip(at, &[":", "="]);
        let read = bounds(tokens, at, &|tokens, at| unit(tokens, at).or_else(|| bare_euros(at)));
        read.filter(|(next, bounds)| tokens.digits(next - 1).is_none() || is_more_than_a_year(*bounds))
    });
    let Some((next, bounds)) = after_noun.or(plain).filter(|(_, bounds)| is_amount(*bounds)) else {
        return bare(tokens, at, values).or_else(|| before_tax(tokens, at, values));
    };
    Some(reading(tokens, at, next, bounds, values))
}

fn reading(
    tokens: &QueryTokens<'_>,
    at: usize,
    next: usize,
    bounds: Bounds,
    values: &dyn FacetLookup,
) -> EntityReading {
    // The amounts of cases are before tax: one with tax would find others than those asked for.
    if let Some(next) = tokens.any(next, WITH_TAX) {
        return EntityReading::nothing(at..next);
    }
    let next = tokens.skip(next, BEFORE_TAX);
    if values.has_any(Facet::Montant) {
        EntityReading::new(at..next, Facet::Montant, Selection::Range(bounds))
    } else {
        EntityReading::nothing(at..next)
    }
}

/// A comparison without a unit: `plus de 90000`, `de 40000 à 90000`. Nothing else is read in one, least of all a CPV code.
fn bare(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let (next, bounds) = bounds(tokens, at, &|_, at| bare_euros(at))?;
    let euros = |cents: Option<u64>| cents.map(|cents| cents / EURO);
    let (from, to) = (euros(bounds.from), euros(bounds.to));
    let is_plain = bounds.from == bounds.to;
    if is_plain || from.max(to)? < LEAST_BARE || year::period(tokens, at).is_some() {
        return None;
    }
    let is_led = tokens.digits(at).is_none();
    let has_dash = (at..next).any(|at| tokens.folded(at).chars().all(is_hyphen));
    let has_dots = (at..next).any(|at| tokens.dots(at).is_some());
    let least = match (has_dots, has_dash) {
        (true, _) => 0,
        (_, true) => LEAST_BARE_DASHED,
        _ => LEAST_BARE_FROM,
    };
    let is_too_small = to.and(from).is_some_and(|from| from < least);
    let is_code = (at..next).any(|at| is_code(tokens, at, is_led));
    let is_of_something = !is_led && (tokens.is_tied(at) || is_of_what_is_before(tokens, at));
    // "Plus de 90000 habitants" is no amount.
    let is_counted = tokens.goes_on(next) || counts(tokens, next) && place::read(tokens, next, values).is_none();
    if is_too_small || is_code || is_of_something || is_counted || !is_amount(bounds) {
        return is_led.then(|| EntityReading::nothing(at..next));
    }
    Some(reading(tokens, at, next, bounds, values))
}

/// An amount with nothing but its tax status: `75 000 HT`.
fn before_tax(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let number = Number::read(tokens, at).filter(|_| !tokens.is_tied(at))?;
    let next = tokens
        .any(number.next, BEFORE_TAX)
        .or(tokens.any(number.next, WITH_TAX))?;
    let is_small = number.times(EURO).is_none_or(|cents| cents < LEAST_BARE * EURO);
    // Its digits are not read as anything else.
    let read = || alone(tokens, at, values).unwrap_or_else(|| EntityReading::nothing(at..next));
    (!is_small && !tokens.goes_on(next)).then(read)
}

/// The amount of some case, if the query is nothing else: `127 721`, `127721,50 HT`.
pub(super) fn alone(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let number = Number::read(tokens, at).filter(|_| !is_code(tokens, at, true))?;
    let cents = number.times(EURO)?;
    let next = tokens.skip(number.next, BEFORE_TAX);
    let is_year = number.next == at + 1 && next == number.next && year::year(tokens, at).is_some();
    let is_read = cents >= LEAST_BARE * EURO && !is_year && tokens.is_all(&(at..next));
    let exactly = Bounds {
        from: Some(cents),
        to: Some(cents),
    };
    (is_read && values.has_number(Facet::Montant, cents))
        .then(|| EntityReading::new(at..next, Facet::Montant, Selection::Range(exactly)))
}

/// Whether a number is a telephone number, or a code that is not compared.
fn is_code(tokens: &QueryTokens<'_>, at: usize, is_led: bool) -> bool {
    const DIGITS_OF_A_CODE: usize = 8;
    let is_group = at
        .checked_sub(1)
        .is_some_and(|before| tokens.digits(before).is_some() || tokens.folded(before) == "." && tokens.is_glued(at));
    let digits = tokens.digits(at).unwrap_or_default();
    let is_padded = digits.len() > 1 && digits.starts_with('0') && !is_group;
    is_padded || !is_led && digits.len() >= DIGITS_OF_A_CODE
}

fn is_amount(bounds: Bounds) -> bool {
    let mut known = bounds.from.into_iter().chain(bounds.to);
    known.all(|cents| Euros::from_cents(cents).is_some())
}

/// `€`, `k€`, `M€`, `million d'euros`...
fn unit(tokens: &QueryTokens<'_>, at: usize) -> Option<Unit> {
    let (scale, after) = scale(tokens, at).unwrap_or((1, at));
    let euros = match tokens.folded(at) {
        "ke" | "keur" | "keuros" | "meur" | "meuros" => Some(after),
        _ => tokens.any(after, EUROS),
    };
    if let Some(next) = euros {
        return Some(Unit::new(scale * EURO, true, tokens.skip(next, BEFORE_TAX)));
    }
    let is_in_letters = matches!(tokens.folded(at), "million" | "millions" | "milliard" | "milliards");
    // "40 m" are metres, and "3 millions de" something are not euros.
    let counts_something = matches!(tokens.folded(after), "de" | "d");
    let is_short = tokens.folded(at) == "k" || tokens.folded(at) == "m" && tokens.get(at)?.is_capital;
    let unit = || Unit::new(scale * EURO, is_in_letters, tokens.skip(after, BEFORE_TAX));
    (is_in_letters && !counts_something || is_short).then(unit)
}

/// The number of euros in `k`, `M`, `millions`, and the index after it.
fn scale(tokens: &QueryTokens<'_>, at: usize) -> Option<(u64, usize)> {
    let scale = match tokens.folded(at) {
        "k" | "ke" | "keur" | "keuros" | "mille" => 1_000,
        "m" | "meur" | "meuros" | "million" | "millions" => 1_000_000,
        "md" | "mds" | "mrd" | "milliard" | "milliards" => 1_000_000_000,
        _ => return None,
    };
    Some((scale, at + 1))
}

fn is_more_than_a_year(bounds: Bounds) -> bool {
    let mut known = bounds.from.into_iter().chain(bounds.to);
    known.all(|cents| cents > LAST_YEAR * EURO)
}

/// Euros without a unit.
#[allow(clippy::unnecessary_wraps, reason = "a unit reader may find none")]
fn bare_euros(at: usize) -> Option<Unit> {
    Some(Unit::new(EURO, true, at))
}
