//! Years and periods of years: `2023`, `en 2023`, `de 2019 à 2021`, `depuis 2020`.

use std::ops::RangeInclusive;

use rex_query::Facet;

use super::count::{MONTHS, is_unit};
use super::entity::{EntityReading, FacetSelection};
use super::lookup::FacetLookup;
use super::tokens::{QueryTokens, is_hyphen};
use rex_query::Selection;

/// From the first contracts that anyone publishes to far enough ahead.
const YEARS: RangeInclusive<u32> = 1990..=2100;
/// Most years of a period that are given, the last ones.
const MAX_YEARS: usize = 20;

const BEFORE: &[&str] = &[
    "en",
    "annee",
    "l annee",
    "en l annee",
    "de l annee",
    "pour l annee",
    "date",
    "date de",
    "courant",
    "exercice",
];
/// Comes before two years.
const BEFORE_PERIOD: &[&str] = &[
    "periode",
    "la periode",
    "sur la periode",
    "periode de",
    "la periode de",
    "pour la periode",
    "annees",
    "les annees",
    "pour les annees",
    "exercices",
];
/// Words that make a year the first of a period, that year included.
const SINCE: &[&str] = &[
    "depuis",
    "a partir de",
    "a partir d",
    "a compter de",
    "a compter du",
    "a partir du",
    "≥",
    "> =",
    "= >",
    "⩾",
];
const AFTER: &[&str] = &[
    "apres",
    "posterieur a",
    "posterieure a",
    "posterieurs a",
    "posterieures a",
    "ulterieur a",
    "ulterieurs a",
    ">",
];
const UNTIL: &[&str] = &["jusqu en", "jusqu a", "jusqu au", "jusque", "≤", "< =", "= <", "⩽"];
const UP_TO: &[&str] = &[
    "avant",
    "anterieur a",
    "anterieure a",
    "anterieurs a",
    "anterieures a",
    "<",
];
/// Words for a date in the future, which is no year of a case.
const BY: &[&str] = &["d ici", "d ici a", "horizon", "a l horizon", "des"];

const SINCE_AFTER: &[&str] = &[
    "et apres",
    "ou apres",
    "et plus",
    "ou plus",
    "et suivantes",
    "et ensuite",
];
const UNTIL_AFTER: &[&str] = &["et avant", "ou avant"];

/// Comes between the two years of a period.
const TO: &[&str] = &[
    "a",
    "au",
    "jusqu a",
    "jusqu au",
    "jusqu en",
    "et jusqu a",
    "et jusqu au",
    "et jusqu en",
];

/// Comes between such a word and its year.
const PARTS_OF_A_YEAR: &[&str] = &[
    "l annee",
    "l an",
    "annee",
    "le debut",
    "le debut de",
    "debut",
    "le debut de l annee",
    "fin",
    "la fin",
    "la fin de",
    "la fin de l annee",
    "mi",
];

/// The year or the period at an index.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    if let Some((years, next)) = period(tokens, at) {
        return Some(EntityReading {
            tokens: at..next,
            selections: selections(years, values),
            is_period: true,
        });
    }
    let to_come = tokens.any(at, BY);
    let start = to_come.unwrap_or_else(|| tokens.skip(at, BEFORE));
    let year = year(tokens, start)?;
    if !tokens.stands_alone(start, start + 1) || is_unit(tokens, start + 1) {
        return None;
    }
    if to_come.is_some() || !values.has(Facet::Annee, &year.to_string()) {
        return Some(EntityReading::nothing(at..start + 1));
    }
    Some(EntityReading::new(
        at..start + 1,
        Facet::Annee,
        Selection::Value(year.to_string()),
    ))
}

/// The years of the period at an index, and the index after it.
pub(super) fn period(tokens: &QueryTokens<'_>, at: usize) -> Option<(RangeInclusive<u32>, usize)> {
    let read = between(tokens, at).or_else(|| open(tokens, at))?;
    let (_, next) = &read;
    (!tokens.goes_on(*next) && !is_unit(tokens, *next)).then_some(read)
}

/// The years of a period that a case has, in their order.
fn selections(years: RangeInclusive<u32>, values: &dyn FacetLookup) -> Vec<FacetSelection> {
    let (from, to) = years.into_inner();
    let years = (from.max(*YEARS.start())..=to.min(*YEARS.end())).rev();
    let had = years
        .map(|year| year.to_string())
        .filter(|year| values.has(Facet::Annee, year));
    let mut selections: Vec<FacetSelection> = had
        .take(MAX_YEARS)
        .map(|year| (Facet::Annee, Selection::Value(year)))
        .collect();
    selections.reverse();
    selections
}

/// `de 2019 à 2021`, `entre 2019 et 2021`, `2019-2021`, `2020-21`, `du 1er janvier 2019 au 31 décembre 2021`.
fn between(tokens: &QueryTokens<'_>, at: usize) -> Option<(RangeInclusive<u32>, usize)> {
    let at = tokens.skip(at, BEFORE_PERIOD);
    let (start, links): (usize, &[&str]) = match tokens.folded(at) {
        "entre" => (at + 1, &["et", "et le"]),
        "de" | "du" | "des" | "d" | "depuis" => (at + 1, TO),
        _ => (at, TO),
    };
    let (first, after) = dated(tokens, start)?;
    let is_tied = start == at && tokens.is_tied(start);
    let sign = tokens.folded(after);
    let is_sign = !sign.is_empty() && sign.chars().all(|c| is_hyphen(c) || matches!(c, '/' | '→'));
    let second = tokens.any(after, links).or_else(|| tokens.dots(after));
    let second = second.or(is_sign.then_some(after + 1))?;
    let (last, next) = dated(tokens, second).or_else(|| short_year(tokens, first, after))?;
    (!is_tied && first <= last).then_some((first..=last, next))
}

/// The year at an index, with its qualifier or date: `fin 2019`, `1er mars 2019`, `31/12/2021`; and the index after it.
fn dated(tokens: &QueryTokens<'_>, at: usize) -> Option<(u32, usize)> {
    let is_number = |at: usize| tokens.digits(at).is_some_and(|digits| digits.len() <= 2);
    let day = tokens.skip(at, &["le"]);
    let sign = tokens.folded(day + 1);
    let is_date =
        matches!(sign, "/" | "." | "-") && is_number(day) && is_number(day + 2) && tokens.folded(day + 3) == sign;
    let is_glued = || (day + 1..day + 5).all(|at| tokens.is_glued(at));
    let number = if is_date && is_glued() {
        day + 4
    } else {
        let after_part = tokens.skip(at, PARTS_OF_A_YEAR);
        date(tokens, after_part).unwrap_or(after_part)
    };
    Some((year(tokens, number)?, number + 1))
}

/// The last year of a period whose century is left out, after the sign at an index: `2020-21`.
fn short_year(tokens: &QueryTokens<'_>, first: u32, sign: usize) -> Option<(u32, usize)> {
    /// Years between two with a slash, which would rather be the number of a directive: `2014/24`.
    const MOST_AFTER_A_SLASH: u32 = 5;
    const MONTHS_IN_A_YEAR: u32 = 12;
    let digits = tokens.digits(sign + 1).filter(|digits| digits.len() == 2)?;
    let is_glued = tokens.is_glued(sign) && tokens.is_glued(sign + 1);
    let short: u32 = digits.parse().ok()?;
    let last = first / 100 * 100 + short;
    let is_later = last > first && (tokens.folded(sign) != "/" || last - first <= MOST_AFTER_A_SLASH);
    // `2010-12` may be a month; of `2010-11`, both years begin with the one after the other.
    let is_month = short <= MONTHS_IN_A_YEAR && last - first.min(last) > 1;
    (is_glued && is_later && !is_month).then_some((last, sign + 2))
}

/// `depuis 2020`, `avant mars 2020`, `2020 et après`.
fn open(tokens: &QueryTokens<'_>, at: usize) -> Option<(RangeInclusive<u32>, usize)> {
    let since = tokens
        .any(at, SINCE)
        .or_else(|| (tokens.typed(at).to_lowercase() == "dès").then_some(at + 1));
    let dots = tokens
        .dots(at)
        .filter(|next| !tokens.is_glued(at) && tokens.is_glued(*next));
    let until = tokens.any(at, UNTIL).or(dots);
    let ways = [since, tokens.any(at, AFTER), until, tokens.any(at, UP_TO)];
    let Some((way, start)) = ways
        .iter()
        .enumerate()
        .filter_map(|(way, next)| Some((way, (*next)?)))
        .max_by_key(|(_, next)| *next)
    else {
        return year_and_more(tokens, at);
    };
    let after_part = tokens.skip(start, PARTS_OF_A_YEAR);
    let after_month = date(tokens, start);
    let number = after_month.unwrap_or(after_part);
    let year = year(tokens, number)?;
    // A part of the year is within the period.
    let is_part = number > start && !matches!(tokens.folded(number - 1), "annee" | "an");
    let is_sign = !tokens.folded(at).starts_with(char::is_alphanumeric);
    // Round numbers after a sign are amounts.
    if is_sign && dots.is_none() && year.is_multiple_of(100) {
        return None;
    }
    let (first, last) = (*YEARS.start(), *YEARS.end());
    let years = match way {
        0 => year..=last,
        1 => year + u32::from(!is_part)..=last,
        2 => first..=year,
        _ => first..=year - u32::from(!is_part),
    };
    Some((years, number + 1))
}

/// `2020 et après`.
fn year_and_more(tokens: &QueryTokens<'_>, at: usize) -> Option<(RangeInclusive<u32>, usize)> {
    let start = tokens.skip(at, BEFORE);
    let year = year(tokens, start).filter(|_| tokens.stands_alone(start, start + 1))?;
    let dots = tokens
        .dots(start + 1)
        .filter(|next| tokens.is_glued(start + 1) && !tokens.is_glued(*next));
    let since = tokens
        .any(start + 1, SINCE_AFTER)
        .or(dots)
        .map(|next| (year..=*YEARS.end(), next));
    since.or_else(|| {
        tokens
            .any(start + 1, UNTIL_AFTER)
            .map(|next| (*YEARS.start()..=year, next))
    })
}

/// The index after a month, and after the day before it: `mars`, `le 1er mars`.
fn date(tokens: &QueryTokens<'_>, at: usize) -> Option<usize> {
    let start = tokens.skip(at, &["le", "du", "au"]);
    let is_day = tokens.digits(start).is_some_and(|digits| digits.len() <= 2);
    let after_day = if is_day { tokens.skip(start + 1, &["er"]) } else { start };
    tokens.any(after_day, MONTHS).map(|next| tokens.skip(next, &["."]))
}

/// The year at an index: four digits that are no part of a longer number.
pub(super) fn year(tokens: &QueryTokens<'_>, at: usize) -> Option<u32> {
    let digits = tokens.digits(at).filter(|digits| digits.len() == 4)?;
    let year = digits.parse().ok().filter(|year| YEARS.contains(year))?;
    let is_grouped = tokens.digits(at + 1).is_some_and(|group| group.len() == 3) && tokens.follows_one_space(at + 1);
    (!is_grouped).then_some(year)
}
