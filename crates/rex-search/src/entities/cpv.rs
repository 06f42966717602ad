//! CPV codes in every spelling: `75231240-8`, `75 231 240`, `752 312 408`, and the beginnings of codes; and codes that documents print
//! with a digit too few or too many.

use std::sync::LazyLock;

use rex_corpus::{Cpv, CpvLabels};
use rex_query::Facet;

use super::count::is_unit;
use super::entity::EntityReading;
use super::lookup::FacetLookup;
use super::tokens::{QueryTokens, is_hyphen};
use rex_query::Selection;

const DIGITS: usize = 8;
/// Digits that name a branch by themselves, and after the word CPV.
const SHORTEST: usize = 4;
const SHORTEST_NAMED: usize = 2;
/// Digits of a postal code.
const POSTAL: usize = 5;

const NAMES: &[&str] = &["cpv", "code cpv", "codes cpv", "le code cpv"];

static LABELS: LazyLock<CpvLabels> = LazyLock::new(CpvLabels::shipped);

/// The code at an index.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let named = named(tokens, at);
    let start = named.unwrap_or(at);
    let is_tied = if named.is_some() {
        tokens.is_tied(at)
    } else {
        tokens.is_tied(start)
    };
    if is_tied {
        return None;
    }
    // Groups that make a code of the nomenclature are one, though no case has it; others are numbers of their own.
    if let Some(spelled) = grouped(tokens, start) {
        let is_known = Cpv::parse(&spelled.digits[..DIGITS]).is_ok_and(|code| LABELS.knows(code));
        let reading = meant(tokens, at, spelled, named.is_some(), values);
        if let Some(reading) = reading.filter(|reading| is_known || !reading.selections.is_empty()) {
            return Some(reading);
        }
    }
    meant(tokens, at, spelled(tokens, start)?, named.is_some(), values)
}

/// The index after the word CPV and the words that introduce a code.
fn named(tokens: &QueryTokens<'_>, at: usize) -> Option<usize> {
    let next = tokens.skip(tokens.any(at, NAMES)?, &["principal", "principaux"]);
    Some(tokens.skip(tokens.skip(next, &["n °", "numero"]), &[":", "="]))
}

/// The reading of the digits before an index.
fn meant(
    tokens: &QueryTokens<'_>,
    at: usize,
    spelled: Spelled,
    is_named: bool,
    values: &dyn FacetLookup,
) -> Option<EntityReading> {
    let Spelled {
        digits,
        has_check,
        next,
    } = spelled;
    if tokens.goes_on(next) {
        return None;
    }
    let shortest = if is_named { SHORTEST_NAMED } else { SHORTEST };
    let has = |code: &String| values.has(Facet::Cpv, code);
    let branch = || is_branch(tokens, &digits, shortest, next).then(|| format!("{digits:0<DIGITS$}"));
    let typed = digits.as_str();
    let found = code(typed)
        .filter(has)
        .or_else(|| branch().filter(|_| !has_check).filter(has))
        .or_else(|| only(misprinted(typed, has_check).filter(has)));
    match found {
        Some(code) => Some(EntityReading::new(at..next, Facet::Cpv, Selection::Value(code))),
        // The digits of a code that no case has, or whose check digit is wrong, are nothing else.
        None => (digits.len() >= DIGITS || is_named).then(|| EntityReading::nothing(at..next)),
    }
}

/// The codes that a text, all of it, can mean: one as it is, or those that a document prints so. Each may be one that no case has.
pub(crate) fn codes_meant(text: &str) -> Vec<String> {
    let tokens = QueryTokens::new(text, 0..text.len());
    let Some(spelled) = spelled(&tokens, 0).filter(|spelled| tokens.is_end(spelled.next)) else {
        return Vec::new();
    };
    // With its check digit, a code has nine digits.
    let is_short = spelled.has_check && spelled.digits.len() <= DIGITS;
    match code(&spelled.digits).filter(|_| !is_short) {
        Some(code) => vec![code],
        // A hyphen parts a check digit from eight others: it is that which is wrong.
        None if spelled.has_check && spelled.digits.len() > DIGITS => Vec::new(),
        None => misprinted(&spelled.digits, spelled.has_check).collect(),
    }
}

/// The digits of a code that a text, all of it, is or begins, its check digit aside: `45233`, `90911200-8`, `752 312 40`.
pub(crate) fn digits_of(text: &str) -> Option<String> {
    let tokens = QueryTokens::new(text, 0..text.len());
    let Spelled { mut digits, .. } = spelled(&tokens, 0).filter(|spelled| tokens.is_end(spelled.next))?;
    if digits.len() > DIGITS {
        digits = code(&digits)?;
    }
    (digits.len() >= SHORTEST).then_some(digits)
}

/// The code, where there is one and no other.
fn only(mut codes: impl Iterator<Item = String>) -> Option<String> {
    let first = codes.next()?;
    codes.all(|code| code == first).then_some(first)
}

/// The digits of a code as they are typed.
struct Spelled {
    /// The check digit among them, where there is one.
    digits: String,
    /// Whether a hyphen parts the last digit from the others.
    has_check: bool,
    /// The index after them.
    next: usize,
}

/// The digits at an index, one number or the groups of a printed code.
fn spelled(tokens: &QueryTokens<'_>, at: usize) -> Option<Spelled> {
    let first = tokens.digits(at)?;
    let (mut digits, mut next) = (first.to_owned(), at + 1);
    if matches!(first.len(), 2 | 3) {
        let group = |at: usize| {
            tokens
                .digits(at)
                .filter(|group| group.len() == 3 && tokens.follows_one_space(at))
        };
        if let (Some(second), Some(third)) = (group(at + 1), group(at + 2)) {
            digits = format!("{first}{second}{third}");
            next = at + 3;
        }
    }
    checked(tokens, digits, next)
}

/// The eight digits at an index in whatever groups: `45 23 31 40`, `4523 3140`, `45.233.140`.
fn grouped(tokens: &QueryTokens<'_>, at: usize) -> Option<Spelled> {
    let mut digits = tokens.digits(at)?.to_owned();
    let mut next = at + 1;
    while digits.len() < DIGITS {
        let has_point = tokens.folded(next) == "." && tokens.is_glued(next) && tokens.is_glued(next + 1);
        let start = next + usize::from(has_point);
        let group = tokens.digits(start).filter(|group| group.len() > 1);
        digits.push_str(group.filter(|_| has_point || tokens.follows_one_space(start))?);
        next = start + 1;
    }
    (digits.len() == DIGITS)
        .then(|| checked(tokens, digits, next))
        .flatten()
}

/// Digits with the check digit after them: `-2`, `/2`, ` - 2`.
fn checked(tokens: &QueryTokens<'_>, mut digits: String, mut next: usize) -> Option<Spelled> {
    let check = tokens.digits(next + 1).filter(|check| check.len() == 1);
    let sign = tokens.folded(next);
    let is_hyphened = !sign.is_empty() && sign.chars().all(is_hyphen);
    let is_whole = digits.len() == DIGITS;
    let check = check.filter(|check| {
        let is_glued = tokens.is_glued(next) && tokens.is_glued(next + 1);
        // Not adjacent to the code, it may belong to something else.
        let is_right = || code(&[digits.as_str(), check].concat()).is_some();
        let is_apart = || is_whole && (tokens.is_end(next + 2) || is_right());
        is_hyphened && (is_glued || is_apart()) || sign == "/" && is_whole && (is_glued || is_apart())
    });
    if let Some(check) = check {
        digits.push_str(check);
        next += 2;
    }
    (digits.len() <= DIGITS + 1).then_some(Spelled {
        has_check: check.is_some(),
        digits,
        next,
    })
}

/// The eight digits of a whole code; its check digit, where there is one, belongs to it.
fn code(digits: &str) -> Option<String> {
    let cpv = match digits.len() {
        DIGITS => Cpv::parse(digits),
        length if length == DIGITS + 1 => Cpv::parse(&format!("{}-{}", &digits[..DIGITS], &digits[DIGITS..])),
        _ => return None,
    };
    cpv.ok().map(|cpv| cpv.digits().to_owned())
}

/// The codes that can be meant by digits that are none: a zero is missing (`8530000-2`), or a digit is there twice and the check digit
/// is not (`728 810 000`, printed for 72810000-1).
fn misprinted(digits: &str, has_check: bool) -> impl Iterator<Item = String> {
    let with_a_zero = match (digits.len(), has_check) {
        (7, false) => LABELS.recognize(digits, None).ok(),
        (DIGITS, true) => LABELS
            .recognize(&[&digits[..DIGITS - 1], "-", &digits[DIGITS - 1..]].concat(), None)
            .ok(),
        _ => None,
    };
    let is_doubled = digits.len() == DIGITS + 1 && code(digits).is_none() && !is_siren(digits);
    let pairs = digits.as_bytes().windows(2).enumerate();
    let doubled: Vec<usize> = pairs.filter(|(_, pair)| pair[0] == pair[1]).map(|(at, _)| at).collect();
    let undoubled = doubled.into_iter().filter(move |_| is_doubled);
    let undoubled = undoubled.filter_map(|at| code(&[&digits[..at], &digits[at + 1..]].concat()));
    let with_a_zero = with_a_zero.map(|(code, _)| code.digits().to_owned());
    with_a_zero.into_iter().chain(undoubled)
}

/// Whether nine digits can be the number of a company, whose last digit checks the others (ISO/IEC 7812-1, annex B).
fn is_siren(digits: &str) -> bool {
    let worth = |(at, digit): (usize, u8)| {
        let value = u32::from(digit - b'0') * if at % 2 == 1 { 2 } else { 1 };
        value / 10 + value % 10
    };
    let sum: u32 = digits.bytes().rev().enumerate().map(worth).sum();
    sum.is_multiple_of(10)
}

/// Whether digits can be the beginning of a code: they count nothing, and are no postal code.
fn is_branch(tokens: &QueryTokens<'_>, digits: &str, shortest: usize, next: usize) -> bool {
    let is_postal = digits.len() == POSTAL && tokens.is_name(next);
    let is_counted = is_unit(tokens, next);
    let is_named = shortest == SHORTEST_NAMED;
    (shortest..DIGITS).contains(&digits.len()) && (is_named || !is_postal && !is_counted)
}
