//! Bounds in words and signs: `moins de`, `au plus`, `entre ... et ...`, `>`. They are included, as in a filter.

use super::number::Number;
use super::tokens::{QueryTokens, is_hyphen};
use rex_query::Bounds;

const AT_MOST: &[&str] = &[
    "<",
    "< =",
    "= <",
    "≤",
    "⩽",
    "moins de",
    "moins d",
    "pas plus de",
    "pas plus d",
    "au plus",
    "maximum",
    "maximum de",
    "maximum d",
    "max",
    "au maximum",
    "jusqu a",
    "inferieur a",
    "inferieure a",
    "inferieurs a",
    "inferieures a",
    "inferieur ou egal a",
    "inferieure ou egale a",
    "inferieurs ou egaux a",
    "inferieures ou egales a",
    "en dessous de",
    "en dessous d",
    "au dessous de",
    "au dessous d",
    "a moins de",
    "a moins d",
    "en dessous",
    "au dessous",
    "moins que",
    "moins qu",
    "pas plus que",
    "sous",
    "inf",
    "inf a",
    "inferieur",
    "inferieure",
    "n excedant pas",
    "n excede pas",
    "n excedent pas",
    "ne depassant pas",
    "ne depasse pas",
    "ne depassent pas",
    "ne pas depasser",
    "ne pas exceder",
    "sans depasser",
    "sans exceder",
    "plafonne a",
    "plafonnee a",
    "plafonnes a",
    "plafonnees a",
    "limite a",
    "limitee a",
    "limites a",
    "limitees a",
    "maxi",
    "d au plus",
    "d au maximum",
];

const AT_LEAST: &[&str] = &[
    ">",
    "> =",
    "= >",
    "≥",
    "⩾",
    "plus de",
    "plus d",
    "pas moins de",
    "pas moins d",
    "au moins",
    "minimum",
    "minimum de",
    "minimum d",
    "min",
    "au minimum",
    "a partir de",
    "a partir d",
    "superieur a",
    "superieure a",
    "superieurs a",
    "superieures a",
    "superieur ou egal a",
    "superieure ou egale a",
    "superieurs ou egaux a",
    "superieures ou egales a",
    "au dessus de",
    "au dessus d",
    "au dela de",
    "au dela d",
    "a plus de",
    "a plus d",
    "au dessus",
    "au dela",
    "plus que",
    "plus qu",
    "pas moins que",
    "sup",
    "sup a",
    "superieur",
    "superieure",
    "excedant",
    "excede",
    "excedent",
    "depassant",
    "depasse",
    "depassent",
    "mini",
    "d au moins",
    "d au minimum",
];

/// Between a comparison and its number: `sous le seuil de 40 000 €`.
const THRESHOLDS: &[&str] = &[
    "le seuil de",
    "le seuil des",
    "les seuils de",
    "le plafond de",
    "la barre de",
    "la barre des",
    "un montant de",
    "le montant de",
    "les",
    "la somme de",
    "une somme de",
];
/// The same after a word that ends in a preposition: `au-dessus du seuil de`.
const OF_THRESHOLDS: &[&str] = &["seuil de", "seuil des", "plafond de", "montant de", "montant"];

/// Before `entre` and `de ... à`.
const BETWEEN: &[&str] = &[
    "compris",
    "comprise",
    "comprises",
    "allant",
    "situe",
    "situee",
    "situes",
    "situees",
    "variant",
];

const AT_MOST_AFTER: &[&str] = &["maximum", "max", "au plus", "au maximum", "et moins", "ou moins"];
const AT_LEAST_AFTER: &[&str] = &["minimum", "min", "au moins", "au minimum", "et plus", "ou plus"];

/// The unit that follows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// Factor to the unit of the facet.
    pub(super) scale: u64,
    /// Whether it needs no comparison: `40 €` does not, `40 k` does.
    pub(super) is_plain: bool,
    /// Added to the number, in the unit of the facet: the half of `un an et demi`.
    pub(super) more: u64,
    /// The index of the word after it, but before what is added.
    pub(super) before_more: usize,
    /// The index of the word after it and what is added.
    pub(super) next: usize,
}

impl Unit {
    /// A unit to which nothing is added.
    pub(super) fn new(scale: u64, is_plain: bool, next: usize) -> Self {
        Self {
            scale,
            is_plain,
            more: 0,
            before_more: next,
            next,
        }
    }

    /// A number in the unit of the facet, if it is whole.
    fn of(self, number: Number) -> Option<u64> {
        number.times(self.scale)?.checked_add(self.more)
    }
}

/// The unit at an index, if there is one.
pub(super) type UnitReader<'a> = &'a dyn Fn(&QueryTokens<'_>, usize) -> Option<Unit>;

/// The longest bounds at an index, and the index after them.
pub(super) fn bounds(tokens: &QueryTokens<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, Bounds)> {
    let readings = [
        between(tokens, at, unit),
        compared(tokens, at, unit),
        plain(tokens, at, unit),
    ];
    readings.into_iter().flatten().max_by_key(|(next, _)| *next)
}

/// `entre 40 000 et 90 000 €`, `de 40 à 90 k€`, `40-90 k€`, `40000..90000`: a first number without a unit takes that of the second.
fn between(tokens: &QueryTokens<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, Bounds)> {
    let at = tokens.skip(at, BETWEEN);
    let (start, and): (usize, &[&str]) = match tokens.folded(at) {
        "entre" => (at + 1, &["et", "a"]),
        "de" | "d" => (at + 1, &["a", "jusqu a"]),
        _ => (at, &["a"]),
    };
    let first = Number::read(tokens, start)?;
    let own = unit(tokens, first.next);
    // "Entre un an et 6 mois" has two durations, "entre un an et demi et 3 ans" too.
    let alone = own.map(|unit| Unit {
        more: 0,
        next: unit.before_more,
        ..unit
    });
    let (own, second) = [own, alone].into_iter().find_map(|own| {
        let after = own.map_or(first.next, |unit| unit.next);
        let is_dash = tokens.folded(after).chars().all(is_hyphen) && !tokens.folded(after).is_empty();
        let second = tokens.any(after, and).or_else(|| tokens.dots(after));
        let second = second.or(is_dash.then_some(after + 1))?;
        Some((own, Number::read(tokens, second)?))
    })?;
    let shared = unit(tokens, second.next)?;
    let from = match own {
        Some(own) => own.of(first)?,
        None => first.times(shared.scale)?,
    };
    let to = shared.of(second)?;
    Some((
        shared.next,
        Bounds {
            from: Some(from.min(to)),
            to: Some(from.max(to)),
        },
    ))
}

/// `moins de 90 000 €`, `> 1 M€`, `..40000`.
fn compared(tokens: &QueryTokens<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, Bounds)> {
    let dots = tokens
        .dots(at)
        .filter(|next| !tokens.is_glued(at) && tokens.is_glued(*next));
    let at_most = tokens.any(at, AT_MOST).or(dots);
    let at_least = tokens.any(at, AT_LEAST);
    let start = at_most.max(at_least)?;
    let of = matches!(tokens.folded(start - 1), "de" | "du" | "a" | "au");
    let start = match tokens.folded(start) {
        "du" | "au" => tokens.skip(start + 1, OF_THRESHOLDS),
        _ if of => tokens.skip(tokens.skip(start, OF_THRESHOLDS), THRESHOLDS),
        _ => tokens.skip(start, THRESHOLDS),
    };
    let (next, value, _) = measure(tokens, start, unit)?;
    Some((next, open(value, at_most > at_least)))
}

/// `40 k€ maximum`, `90000..`, or a number by itself: that very number.
fn plain(tokens: &QueryTokens<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, Bounds)> {
    let (next, value, is_plain) = measure(tokens, at, unit)?;
    if let Some(next) = tokens.any(next, AT_MOST_AFTER) {
        return Some((next, open(value, true)));
    }
    let dots = tokens
        .dots(next)
        .filter(|after| tokens.is_glued(next) && !tokens.is_glued(*after));
    if let Some(next) = tokens.any(next, AT_LEAST_AFTER).or(dots) {
        return Some((next, open(value, false)));
    }
    let exactly = Bounds {
        from: Some(value),
        to: Some(value),
    };
    is_plain.then_some((next, exactly))
}

fn measure(tokens: &QueryTokens<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, u64, bool)> {
    let number = Number::read(tokens, at)?;
    let unit = unit(tokens, number.next)?;
    Some((unit.next, unit.of(number)?, unit.is_plain))
}

fn open(value: u64, is_most: bool) -> Bounds {
    Bounds {
        from: (!is_most).then_some(value),
        to: is_most.then_some(value),
    }
}
