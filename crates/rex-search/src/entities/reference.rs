//! Numbers that name no value, though parts of them look like one: telephone numbers, and the references of laws.

use super::entity::EntityReading;
use super::lookup::FacetLookup;
use super::tokens::{QueryTokens, is_hyphen};
use super::year::year;

/// Pairs of digits in a telephone number after its first ones (plan national de numérotation, Arcep).
const PAIRS: usize = 4;
/// Digits of a telephone number without the first zero.
const WITHOUT_ZERO: usize = 9;
/// The country code that replaces that zero.
const FRANCE: &str = "33";
const FROM_ABROAD: &[&str] = &["+ 33", "00 33", "0033"];
/// Digits of the year of a legal text, and the least number of one, which distinguishes it from a period of years.
const YEAR: usize = 4;
const NUMBER: usize = 3;

/// The parts of codes: the letter before the number of an article.
const PARTS: &[&str] = &["l", "r", "d", "l .", "r .", "d .", "l *", "r *", "lo", "lo ."];
/// Legal texts, and words before a reference.
const TEXTS: &[&str] = &[
    "loi",
    "decret",
    "ordonnance",
    "arrete",
    "circulaire",
    "directive",
    "reglement",
    "avis",
    "decision",
    "reference",
    "ref",
    "article",
    "articles",
    "art",
    "art .",
];
const NUMBERS: &[&str] = &["n °", "n º", "no", "nos", "numero", "№"];

/// The telephone number or the reference at an index, which mean nothing.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, _: &dyn FacetLookup) -> Option<EntityReading> {
    let next = telephone(tokens, at).or_else(|| reference(tokens, at))?;
    Some(EntityReading::nothing(at..next))
}

/// `01 42 34 56 78`, `01.42.34.56.78`, `0142345678`, `+33 1 42 34 56 78`.
fn telephone(tokens: &QueryTokens<'_>, at: usize) -> Option<usize> {
    let is_pair = |at: usize| tokens.digits(at).is_some_and(|digits| digits.len() == 2);
    if let Some(next) = tokens.any(at, FROM_ABROAD) {
        let start = separated(tokens, tokens.skip(next, &["( 0 )"]));
        return match tokens.digits(start)?.len() {
            WITHOUT_ZERO => Some(start + 1),
            1 => pairs(tokens, start + 1),
            _ => None,
        };
    }
    let whole = tokens.digits(at + usize::from(tokens.folded(at) == "+"))?;
    if tokens.folded(at) == "+" {
        return (whole.len() == FRANCE.len() + WITHOUT_ZERO && whole.starts_with(FRANCE)).then_some(at + 2);
    }
    if whole.len() == WITHOUT_ZERO + 1 && whole.starts_with('0') {
        return Some(at + 1);
    }
    // Six pairs and more are a list.
    let is_after = |back: usize| {
        at.checked_sub(back)
            .is_some_and(|before| is_pair(before) && separated(tokens, before + 1) == at)
    };
    let is_first = is_pair(at) && whole.starts_with('0') && whole != "00" && !is_after(1) && !is_after(2);
    let next = is_first.then(|| pairs(tokens, at + 1)).flatten()?;
    (!is_pair(separated(tokens, next))).then_some(next)
}

/// The index after the pairs of a telephone number that follow its first digits.
fn pairs(tokens: &QueryTokens<'_>, at: usize) -> Option<usize> {
    let mut next = at;
    for _ in 0..PAIRS {
        let start = separated(tokens, next);
        tokens.digits(start).filter(|digits| digits.len() == 2)?;
        next = start + 1;
    }
    Some(next)
}

/// The index after what may part the digits of a telephone number.
fn separated(tokens: &QueryTokens<'_>, at: usize) -> usize {
    let sign = tokens.folded(at);
    let is_sign = sign == "." || !sign.is_empty() && sign.chars().all(is_hyphen);
    if is_sign { at + 1 } else { at }
}

/// `L. 2113-12`, `n° 2014-856`, `2014-856`, `directive 2014/24/UE`.
fn reference(tokens: &QueryTokens<'_>, at: usize) -> Option<usize> {
    let text = tokens.any(at, TEXTS).map(|next| tokens.skip(next, NUMBERS));
    let lead = text.or(tokens.any(at, NUMBERS));
    let part = tokens.any(lead.unwrap_or(at), PARTS);
    let start = part.or(lead).unwrap_or(at);
    if start == at && tokens.is_tied(at) {
        return None;
    }
    let first = tokens.digits(start)?;
    let is_tie = |at: usize| {
        let is_sign = |c: char| is_hyphen(c) || c == '/';
        let glued = tokens.is_glued(at) && tokens.is_glued(at + 1);
        glued && !tokens.folded(at).is_empty() && tokens.folded(at).chars().all(is_sign)
    };
    let mut next = start + 1;
    while is_tie(next)
        && tokens
            .get(next + 1)
            .is_some_and(|token| token.folded.starts_with(char::is_alphanumeric))
    {
        next += 2;
    }
    let is_numbered = next > start + 1;
    let second = tokens.digits(start + 2).unwrap_or_default();
    let is_year = |at: usize| year(tokens, at).is_some();
    let is_short = first.len() <= YEAR;
    let is_reference = if start > at {
        // A number of four digits after "n°" is no beginning of a CPV code; a year after "loi" is one.
        is_short && (is_numbered || first.len() == YEAR && !is_year(start))
    } else {
        let is_european = matches!(tokens.folded(next - 1), "ue" | "ce" | "cee");
        // A year and a later one are a period.
        let is_of_a_year = is_year(start) && second.len() >= NUMBER && !is_year(start + 2);
        is_numbered && is_short && (is_european || is_of_a_year)
    };
    is_reference.then_some(next)
}
