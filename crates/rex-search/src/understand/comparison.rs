//! Bounds as people say them: `moins de`, `au plus`, `entre ... et ...`, `>`. Bounds are included, as those of a filter are.

use super::number::Number;
use super::words::{Words, is_hyphen};
use crate::request::Bounds;

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
];

const AT_MOST_AFTER: &[&str] = &["maximum", "max", "au plus", "au maximum", "et moins", "ou moins"];
const AT_LEAST_AFTER: &[&str] = &["minimum", "min", "au moins", "au minimum", "et plus", "ou plus"];

/// The unit that follows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// How many of the unit of the facet it is worth.
    pub(super) scale: u64,
    /// Whether a number of it says what it counts even where nothing is compared: `40 €` does, `40 k` does not.
    pub(super) is_plain: bool,
    /// The rank of the word after it.
    pub(super) next: usize,
}

/// The unit at a rank, if there is one.
pub(super) type UnitReader<'a> = &'a dyn Fn(&Words<'_>, usize) -> Option<Unit>;

/// The longest bounds at a rank, and the rank after them.
pub(super) fn bounds(words: &Words<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, Bounds)> {
    let readings = [
        between(words, at, unit),
        compared(words, at, unit),
        plain(words, at, unit),
    ];
    readings.into_iter().flatten().max_by_key(|(next, _)| *next)
}

/// `entre 40 000 et 90 000 €`, `de 40 à 90 k€`, `40-90 k€`: a first number without a unit takes that of the second.
fn between(words: &Words<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, Bounds)> {
    let (start, and): (usize, &[&str]) = match words.folded(at) {
        "entre" => (at + 1, &["et", "a"]),
        "de" | "d" => (at + 1, &["a", "jusqu a"]),
        _ => (at, &["a"]),
    };
    let first = Number::read(words, start)?;
    let own = unit(words, first.next);
    let after = own.map_or(first.next, |unit| unit.next);
    let is_dash = words.folded(after).chars().all(is_hyphen) && !words.folded(after).is_empty();
    let second = words.any(after, and).or(is_dash.then_some(after + 1))?;
    let second = Number::read(words, second)?;
    let shared = unit(words, second.next)?;
    let from = first.times(own.unwrap_or(shared).scale)?;
    let to = second.times(shared.scale)?;
    Some((
        shared.next,
        Bounds {
            from: Some(from.min(to)),
            to: Some(from.max(to)),
        },
    ))
}

/// `moins de 90 000 €`, `> 1 M€`.
fn compared(words: &Words<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, Bounds)> {
    let at_most = words.any(at, AT_MOST);
    let at_least = words.any(at, AT_LEAST);
    let (next, value, _) = measure(words, at_most.max(at_least)?, unit)?;
    Some((next, open(value, at_most > at_least)))
}

/// `40 k€ maximum`, or a number by itself: that very number.
fn plain(words: &Words<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, Bounds)> {
    let (next, value, is_plain) = measure(words, at, unit)?;
    if let Some(next) = words.any(next, AT_MOST_AFTER) {
        return Some((next, open(value, true)));
    }
    if let Some(next) = words.any(next, AT_LEAST_AFTER) {
        return Some((next, open(value, false)));
    }
    let exactly = Bounds {
        from: Some(value),
        to: Some(value),
    };
    is_plain.then_some((next, exactly))
}

fn measure(words: &Words<'_>, at: usize, unit: UnitReader<'_>) -> Option<(usize, u64, bool)> {
    let number = Number::read(words, at)?;
    let unit = unit(words, number.next)?;
    Some((unit.next, number.times(unit.scale)?, unit.is_plain))
}

fn open(value: u64, is_most: bool) -> Bounds {
    Bounds {
        from: (!is_most).then_some(value),
        to: is_most.then_some(value),
    }
}
