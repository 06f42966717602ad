//! Dates in French, and the duration between two.

use rex_corpus::name_key;

use super::length::{Duration, MAX_MONTHS};

/// A month, or a day of it.
#[derive(Debug, Clone, Copy)]
struct Day {
    year: u32,
    month: u32,
    day: Option<u32>,
}

/// `du 1er janvier 2023 au 31 décembre 2024`, `de janvier 2023 à décembre 2024`, `du 01/01/2023 au 31/12/2024`.
pub(crate) fn between_dates(text: &str) -> Option<Duration> {
    let days = days(text);
    let [start, end] = days.as_slice() else { return None };
    let months = |day: &Day| i64::from(day.year) * 12 + i64::from(day.month);
    let days_over = match (start.day, end.day) {
        // Both days count.
        (Some(start), Some(end)) => i64::from(end) + 1 - i64::from(start),
        _ => 30,
    };
    let whole_months = months(end) - months(start) + i64::from(days_over >= 28);
    let is_whole = matches!(days_over, 0 | 28..=31);
    let months = u32::try_from(whole_months)
        .ok()
        .filter(|months| (1..=MAX_MONTHS).contains(months))?;
    Some(Duration {
        months,
        made_of: None,
        doubt: (!is_whole).then_some("the dates make no whole number of months"),
    })
}

/// The first day in a text, as `YYYY-MM-DD`: `12 mars 2023`.
pub(crate) fn first_day(text: &str) -> Option<String> {
    let Day { year, month, day } = *days(text).first()?;
    day.map(|day| format!("{year}-{month:02}-{day:02}"))
}

fn days(text: &str) -> Vec<Day> {
    let key = name_key(&text.replace(['/', '.'], " "));
    let tokens: Vec<&str> = key.split(' ').collect();
    let number = |at: Option<usize>| -> Option<u32> {
        let token = tokens.get(at?)?;
        token.trim_end_matches("er").parse().ok()
    };
    let mut days = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_year = token.len() == 4 && token.parse::<u32>().is_ok_and(|year| (1990..2100).contains(&year));
        let Some(year) = token.parse().ok().filter(|_| is_year) else {
            continue;
        };
        let Some(before) = at.checked_sub(1) else { continue };
        let Some(month) = month(tokens[before]).or_else(|| number(Some(before)).filter(|_| at >= 2)) else {
            continue;
        };
        let day = number(at.checked_sub(2)).filter(|day| (1..=31).contains(day));
        if (1..=12).contains(&month) {
            days.push(Day { year, month, day });
        }
    }
    days
}

/// The months of the year, folded.
pub(crate) const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

fn month(word: &str) -> Option<u32> {
    MONTHS
        .iter()
        .position(|name| *name == word)
        .map(|index| index as u32 + 1)
}
