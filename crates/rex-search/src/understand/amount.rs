//! Amounts: `< 40 k€`, `plus de 1,5 million d'euros`, `entre 40 000 et 90 000 € HT`.

use rex_corpus::Euros;
use rex_index::Facet;

use super::Reading;
use super::comparison::{Unit, bounds};
use super::values::Values;
use super::words::Words;
use crate::request::{Bounds, Selection};

/// Cents in a euro.
const EURO: u64 = 100;

const EUROS: &[&str] = &["€", "eur", "euro", "euros", "d euro", "d euros", "de euros"];
const BEFORE_TAX: &[&str] = &["ht", "hors taxe", "hors taxes"];
const WITH_TAX: &[&str] = &["ttc", "toutes taxes comprises"];
/// Euros without their unit are told from years by being more than these.
const LAST_YEAR: u64 = 2_100;

/// Said before an amount; what follows them is one even without its unit.
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

/// The amount at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let plain = bounds(words, at, &|words, at| unit(words, at));
    let after_noun = words.any(at, NOUNS).and_then(|at| {
        let at = words.skip(at, &[":", "="]);
        let read = bounds(words, at, &|words, at| unit(words, at).or_else(|| bare_euros(at)));
        read.filter(|(next, bounds)| words.digits(next - 1).is_none() || is_more_than_a_year(*bounds))
    });
    let (next, bounds) = after_noun.or(plain).filter(|(_, bounds)| is_amount(*bounds))?;
    // The amounts of cases are before tax: one with tax would find others than those asked for.
    if let Some(next) = words.any(next, WITH_TAX) {
        return Some(Reading::nothing(at..next));
    }
    let next = words.skip(next, BEFORE_TAX);
    Some(if values.has_any(Facet::Montant) {
        Reading::new(at..next, Facet::Montant, Selection::Range(bounds))
    } else {
        Reading::nothing(at..next)
    })
}

fn is_amount(bounds: Bounds) -> bool {
    let mut known = bounds.from.into_iter().chain(bounds.to);
    known.all(|cents| Euros::from_cents(cents).is_some())
}

/// `€`, `k€`, `M€`, `million d'euros`...
fn unit(words: &Words<'_>, at: usize) -> Option<Unit> {
    let (scale, after) = scale(words, at).unwrap_or((1, at));
    let euros = match words.folded(at) {
        "ke" | "keur" | "keuros" | "meur" | "meuros" => Some(after),
        _ => words.any(after, EUROS),
    };
    if let Some(next) = euros {
        return Some(Unit {
            scale: scale * EURO,
            is_plain: true,
            next: words.skip(next, BEFORE_TAX),
        });
    }
    let is_in_letters = matches!(words.folded(at), "million" | "millions" | "milliard" | "milliards");
    // Forty m are metres, and three millions of something are no euros.
    let counts_something = matches!(words.folded(after), "de" | "d");
    let is_short = words.folded(at) == "k" || words.folded(at) == "m" && words.get(at)?.is_capital;
    (is_in_letters && !counts_something || is_short).then_some(Unit {
        scale: scale * EURO,
        is_plain: is_in_letters,
        next: words.skip(after, BEFORE_TAX),
    })
}

/// How many euros `k`, `M`, `millions` stand for, and the rank after them.
fn scale(words: &Words<'_>, at: usize) -> Option<(u64, usize)> {
    let scale = match words.folded(at) {
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

/// Euros that are not said to be.
#[allow(clippy::unnecessary_wraps, reason = "a unit reader may find none")]
fn bare_euros(at: usize) -> Option<Unit> {
    Some(Unit {
        scale: EURO,
        is_plain: true,
        next: at,
    })
}
