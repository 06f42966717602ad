//! The number of a law, a decree or a directive: `2014-856`, `85-801`, `2014/24/UE`. The size of the two numbers separates them
//! from a span of years, a month or a range.

use std::ops::RangeInclusive;

use super::certainty::Certainty;
use super::measure::is_measure;
use super::tie::{MAX_GAP, tied_number};
use crate::fold::fold;
use crate::tokenize::{is_hyphen, is_space};
use crate::word::{Word, gap};

/// Legal texts numbered by year.
const TEXTS: &[&str] = &["loi", "lois", "decret", "decrets", "ordonnance", "ordonnances"];
/// Suffixes of European directive numbers.
const UNIONS: &[&str] = &["ce", "cee", "ue", "euratom"];
/// A year after a hyphen ends a span of years: `2014-2016`.
const YEARS: RangeInclusive<u32> = 1990..=2100;
/// Years in the numbers of laws.
pub(super) const LAW_YEARS: RangeInclusive<u32> = 1900..=2100;
/// Years of the 20th century that two digits can mean.
const SHORT_YEARS: RangeInclusive<u32> = 44..=99;

/// The number of a law, a decree or a directive that begins at `words[at]`, the number of words it takes, and how certain it is.
pub(super) fn number(text: &str, words: &[Word], at: usize) -> Option<(Word, usize, Certainty)> {
    let (first, first_at, is_signed) = signed_number(text, words, at)?;
    let start = words[at].range.start;
    let is_glued_before = text[..start].ends_with(|c: char| is_hyphen(c) || matches!(c, '/' | '.' | ',' | '_'));
    if !matches!(first.len(), 2 | 4) || is_glued_before && !is_signed {
        return None;
    }
    if let Some(second) = tied_number(text, words, first_at, |c| c == '/') {
        return directive(text, words, at, first_at, (first, second));
    }
    let second = tied_number(text, words, first_at, is_hyphen)?;
    let end = words[first_at + 1].range.end;
    // `NF P 94-500` is a standard.
    let is_lettered = !is_signed
        && at > 0
        && words[at - 1]
            .plain(text)
            .is_some_and(|before| before.len() == 1 && before != "n");
    if goes_on(&text[end..]) || first.len() == 2 && is_lettered {
        return None;
    }
    let lead = Lead {
        is_signed,
        is_named: at > 0 && names_text(text, words, at - 1),
    };
    let (year, certainty) = law(first, second, lead, is_measure(text, words, first_at + 1))?;
    let word = Word::spelled(start..end, vec![format!("n{year}x{second}")]);
    Some((word, first_at + 2 - at, certainty))
}

/// What precedes the number of a law.
#[derive(Clone, Copy)]
struct Lead {
    /// `n°`
    is_signed: bool,
    /// `loi`, `décret`...
    is_named: bool,
}

/// The year of the law that two numbers name, and how certain it is: they may also be a span of years, a month or a range.
fn law(first: &str, second: &str, lead: Lead, measures: bool) -> Option<(u32, Certainty)> {
    let (short, number): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
    let is_short = first.len() == 2;
    let year = match is_short {
        true if SHORT_YEARS.contains(&short) => 1900 + short,
        true if lead.is_named => 2000 + short,
        true => return None,
        false => short,
    };
    let is_year_after = second.len() == 4 && (YEARS.contains(&number) || (year..=*YEARS.end()).contains(&number));
    if !LAW_YEARS.contains(&year) || second.len() > 4 || is_year_after {
        return None;
    }
    let is_law = if is_short {
        let is_round = number % 5 == 0 && number <= 4 * short;
        second.len() >= 3 && (lead.is_signed || !is_round)
    } else {
        let is_span = (year % 100 + 1..=year % 100 + 10).contains(&number);
        let is_month = number <= 12;
        lead.is_signed || second.len() != 2 || !is_span && !is_month
    };
    let certainty = if is_law || lead.is_named {
        Certainty::Certain
    } else {
        Certainty::Ambiguous
    };
    (lead.is_named || !is_short || !measures).then_some((year, certainty))
}

/// `2014/24/UE`, `92/50/CEE`. Without the suffix it is ambiguous: it may be a season.
fn directive(
    text: &str,
    words: &[Word],
    at: usize,
    first_at: usize,
    (first, second): (&str, &str),
) -> Option<(Word, usize, Certainty)> {
    let year: u32 = first.parse().ok()?;
    let year = match first.len() {
        2 if SHORT_YEARS.contains(&year) => 1900 + year,
        4 if (1950..=*YEARS.end()).contains(&year) => year,
        _ => return None,
    };
    let is_year_after = second.len() == 4 && YEARS.contains(&second.parse().ok()?);
    if second.len() > 4 || is_year_after {
        return None;
    }
    let spelled = vec![format!("u{year}x{second}")];
    let start = words[at].range.start;
    let end = words[first_at + 1].range.end;
    let is_union = |next: &&Word| {
        UNIONS.contains(&fold(&text[next.range.clone()]).as_str()) && &text[end..next.range.start] == "/"
    };
    if let Some(union) = words.get(first_at + 2).filter(is_union) {
        return Some((
            Word::spelled(start..union.range.end, spelled),
            first_at + 3 - at,
            Certainty::Certain,
        ));
    }
    let may_be_one = first.len() == 4 && !goes_on(&text[end..]);
    may_be_one.then(|| {
        (
            Word::spelled(start..end, spelled),
            first_at + 2 - at,
            Certainty::Ambiguous,
        )
    })
}

/// The number at `words[at]` or after the `n°` there, the index of its word, and whether it has the `n°`.
fn signed_number<'a>(text: &'a str, words: &[Word], at: usize) -> Option<(&'a str, usize, bool)> {
    let written = words.get(at)?.plain(text)?;
    if written.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((written, at, false));
    }
    let digits = written.trim_start_matches(['n', 'N', 'o', 'O']);
    let is_sign = matches!(&written[..written.len() - digits.len()], "n" | "N" | "no" | "No" | "NO");
    if !is_sign {
        return None;
    }
    if !digits.is_empty() {
        return digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some((digits, at, true));
    }
    let next = words.get(at + 1)?;
    let between = gap(text, &words[at], next);
    let is_near = between.len() <= 2 * MAX_GAP && between.chars().all(|c| matches!(c, '°' | 'º' | '.') || is_space(c));
    let digits = next.plain(text)?;
    (is_near && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some((digits, at + 1, true))
}

/// Whether `words[at]`, or the word before the `n°` there, names a legal text.
fn names_text(text: &str, words: &[Word], at: usize) -> bool {
    let names = |at: usize| {
        words
            .get(at)
            .is_some_and(|word| TEXTS.contains(&fold(&text[word.range.clone()]).as_str()))
    };
    let is_sign = |at: usize| matches!(&text[words[at].range.clone()], "n" | "N" | "no" | "No" | "NO");
    names(at) || at > 0 && is_sign(at) && names(at - 1)
}

/// Whether the text after a number continues it: `2014-07-31`, `2014-856,5`.
fn goes_on(after: &str) -> bool {
    let mut after = after.chars();
    match (after.next(), after.next()) {
        (Some(sign), Some(next)) if is_hyphen(sign) || sign == '/' => next.is_alphanumeric(),
        (Some('.' | ','), Some(next)) => next.is_ascii_digit(),
        _ => false,
    }
}
