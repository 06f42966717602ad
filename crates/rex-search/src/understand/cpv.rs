//! CPV codes in every spelling: `75231240-8`, `75 231 240`, `752 312 408`, and the beginnings of codes.

use rex_corpus::Cpv;
use rex_index::Facet;

use super::Reading;
use super::values::Values;
use super::words::{Words, is_hyphen};
use crate::request::Selection;

const DIGITS: usize = 8;
/// Digits that name a branch by themselves, and after the word CPV.
const SHORTEST: usize = 4;
const SHORTEST_NAMED: usize = 2;
/// Digits of a postal code.
const POSTAL: usize = 5;

const NAMES: &[&str] = &["cpv", "code cpv", "codes cpv", "le code cpv"];

/// What a number counts or measures, where it does: then it is no code.
const COUNTED: &[&str] = &[
    "€",
    "eur",
    "euro",
    "euros",
    "%",
    "°",
    "h",
    "k",
    "kg",
    "km",
    "m",
    "m2",
    "m3",
    "t",
    "tonnes",
    "habitants",
    "heures",
    "repas",
    "personnes",
    "agents",
    "salaries",
    "logements",
    "ml",
    "litres",
    "kwh",
    "mwh",
    "eleves",
    "enfants",
    "places",
    "lits",
];

/// The code at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let named = words.any(at, NAMES).map(|at| words.skip(at, &[":", "="]));
    let start = named.unwrap_or(at);
    let (digits, next) = spelled(words, start)?;
    if !words.stands_alone(start, next) {
        return None;
    }
    let code = code(&digits);
    let shortest = if named.is_some() { SHORTEST_NAMED } else { SHORTEST };
    let branch = code.or_else(|| is_branch(words, &digits, shortest, next).then(|| format!("{digits:0<DIGITS$}")));
    let branch = branch.filter(|branch| values.has(Facet::Cpv, branch));
    match branch {
        Some(branch) => Some(Reading::new(at..next, Facet::Cpv, Selection::Value(branch))),
        // The digits of a code that no case has, or whose check digit is wrong, are nothing else.
        None => (digits.len() >= DIGITS || named.is_some()).then(|| Reading::nothing(at..next)),
    }
}

/// The digits at a rank, one number or the groups of a printed code, and the rank after them.
fn spelled(words: &Words<'_>, at: usize) -> Option<(String, usize)> {
    let first = words.digits(at)?;
    let (mut digits, mut next) = (first.to_owned(), at + 1);
    if matches!(first.len(), 2 | 3) {
        let group = |at: usize| {
            words
                .digits(at)
                .filter(|group| group.len() == 3 && words.follows_one_space(at))
        };
        if let (Some(second), Some(third)) = (group(at + 1), group(at + 2)) {
            digits = format!("{first}{second}{third}");
            next = at + 3;
        }
    }
    let check = words
        .digits(next + 1)
        .filter(|check| check.len() == 1 && words.is_glued(next + 1));
    if let Some(check) = check.filter(|_| words.folded(next).chars().all(is_hyphen) && words.is_glued(next)) {
        digits.push_str(check);
        next += 2;
    }
    (digits.len() <= DIGITS + 1).then_some((digits, next))
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

/// Whether digits can be the beginning of a code: they count nothing, and are no postal code.
fn is_branch(words: &Words<'_>, digits: &str, shortest: usize, next: usize) -> bool {
    let is_postal = digits.len() == POSTAL && words.is_name(next);
    let is_counted = words.any(next, COUNTED).is_some();
    let is_named = shortest == SHORTEST_NAMED;
    (shortest..DIGITS).contains(&digits.len()) && (is_named || !is_postal && !is_counted)
}
