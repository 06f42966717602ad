use std::fmt;

use serde::{Deserialize, Serialize};

use crate::vocabulary::name_key;

/// The notification date of a contract: a day, or a year if no day is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Date {
    year: u16,
    /// Month and day, both from 1.
    day: Option<(u8, u8)>,
}

/// A text that is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a date, expected a day such as 2023-05-01 or a year such as 2023")]
pub struct DateError(String);

impl Date {
    /// Years of contracts. Others, such as 218 or 20233, are typing errors.
    const YEARS: std::ops::RangeInclusive<u16> = 1900..=2100;

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month and the day, both from 1. `None` for a year alone.
    pub fn month_and_day(self) -> Option<(u8, u8)> {
        self.day
    }

    /// A number in date order: `20230501`. A year alone sorts before the days of that year.
    pub fn sort_key(self) -> u64 {
        let (month, day) = self.day.unwrap_or_default();
        u64::from(self.year) * 10_000 + u64::from(month) * 100 + u64::from(day)
    }

    /// Parses `2023-05-01` or `2023`.
    ///
    /// # Errors
    /// Any other text, a day that is not in the calendar, or a year outside 1900-2100.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        Self::read(text.trim()).ok_or_else(|| DateError(text.trim().to_owned()))
    }

    /// Parses a date as people and other programs write it: what [`parse`](Self::parse) takes, `15/03/2024`, `15 mars 2024`,
    /// `March 15, 2024`, `2024-03-15T10:00:00+02:00`. Of a month (`mars 2024`), only the year is kept.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub fn from_typed(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        Self::read(text)
            .or_else(|| Self::with_time(text))
            .or_else(|| Self::in_numbers(text))
            .or_else(|| Self::in_words(text))
            .ok_or_else(|| DateError(text.to_owned()))
    }

    /// `2024-03-15T10:00:00+02:00`: the day, without its time and time zone.
    fn with_time(text: &str) -> Option<Self> {
        let (day, time) = text.split_at_checked(10)?;
        let is_time = time.starts_with(['T', 't', ' ', 'Z', '+'])
            && time.chars().all(|c| c.is_ascii_digit() || "Tt Zz:.,+-".contains(c));
        is_time.then(|| Self::read(day)).flatten()
    }

    /// `15/03/2024`, `2024/3/15`, `03/2024`.
    fn in_numbers(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
        let (year, month, day) = match parts[..] {
            [day, month, year] if year.len() == 4 => (year, month, Some(day)),
            [year, month, day] if year.len() == 4 => (year, month, Some(day)),
            [month, year] if year.len() == 4 => (year, month, None),
            [year, month] if year.len() == 4 => (year, month, None),
            _ => return None,
        };
        let is_short = |part: &str| matches!(part.len(), 1..=2);
        (is_short(month) && day.is_none_or(is_short)).then_some(())?;
        Self::of(year, month.parse().ok()?, day)
    }

    /// `vendredi 15 mars 2024 à 10:00`, `1er mars 2024`, `March 15, 2024`, `mars 2024`.
    fn in_words(text: &str) -> Option<Self> {
        const LONGEST: usize = 60;
        const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
        if text.len() > LONGEST {
            return None;
        }
        let key = name_key(text);
        let words: Vec<&str> = key.split(' ').filter(|word| !DAYS.contains(word)).collect();
        let ((year, month, day), time) = match words[..] {
            [day, name, year, ref time @ ..] if month(name).is_some() => ((year, month(name)?, Some(day)), time),
            [name, year] if year.len() == 4 => ((year, month(name)?, None), &[][..]),
            [name, day, year, ref time @ ..] => ((year, month(name)?, Some(day)), time),
            _ => return None,
        };
        let is_time = |word: &&str| {
            matches!(*word, "a" | "am" | "pm" | "utc" | "gmt") || word.chars().all(|c| c.is_ascii_digit() || c == 'h')
        };
        let day = day.map(|day| if day == "1er" { "1" } else { day });
        time.iter().all(is_time).then(|| Self::of(year, month, day)).flatten()
    }

    fn of(year: &str, month: u8, day: Option<&str>) -> Option<Self> {
        match day {
            Some(day) => Self::read(&format!("{year}-{month:02}-{day:0>2}")),
            None => Self::read(year).filter(|_| (1..=12).contains(&month)),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let digits = |part: &str, length: usize| {
            (part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
        };
        let mut parts = text.split('-');
        let year = digits(parts.next()?, 4).filter(|year| Self::YEARS.contains(year))?;
        let day = match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) => None,
            (Some(month), Some(day), None) => {
                let (month, day) = (digits(month, 2)? as u8, digits(day, 2)? as u8);
                time::Date::from_calendar_date(i32::from(year), month.try_into().ok()?, day).ok()?;
                Some((month, day))
            }
            _ => return None,
        };
        Some(Self { year, day })
    }
}

/// The number of a month by its French or English name, or its usual abbreviation, as a lookup key.
fn month(name: &str) -> Option<u8> {
    const NAMES: [&[&str]; 12] = [
        &["janvier", "janv", "jan", "january"],
        &["fevrier", "fevr", "fev", "february", "feb"],
        &["mars", "march", "mar"],
        &["avril", "avr", "april", "apr"],
        &["mai", "may"],
        &["juin", "june", "jun"],
        &["juillet", "juil", "july", "jul"],
        &["aout", "august", "aug"],
        &["septembre", "sept", "september", "sep"],
        &["octobre", "oct", "october"],
        &["novembre", "nov", "november"],
        &["decembre", "dec", "december"],
    ];
    let index = NAMES.iter().position(|names| names.contains(&name))?;
    u8::try_from(index + 1).ok()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            Some((month, day)) => write!(f, "{:04}-{month:02}-{day:02}", self.year),
            None => write!(f, "{:04}", self.year),
        }
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for Date {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, DateError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_and_years_in_order() {
        let keys: Vec<_> = ["2022-12-31", "2023", "2023-01-01", "2023-05-01", "2024-02-29"]
            .map(|text| Date::parse(text).unwrap().sort_key())
            .to_vec();
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(Date::parse(" 2023-05-01 ").unwrap().to_string(), "2023-05-01");
    }

    #[test]
    fn reads_dates_as_people_type_them() {
        for (text, expected) in [
            ("15/03/2024", "2024-03-15"),
            ("5.3.2024", "2024-03-05"),
            ("2024/3/15", "2024-03-15"),
            ("15 mars 2024", "2024-03-15"),
            ("1er août 2023", "2023-08-01"),
            ("Vendredi 15 MARS 2024 à 10:00", "2024-03-15"),
            ("15 févr. 2024", "2024-02-15"),
            ("March 15, 2024 10:30 AM", "2024-03-15"),
            ("2024-03-15T10:00:00+02:00", "2024-03-15"),
            ("2024-03-15 10:00:00 +0200", "2024-03-15"),
            ("2024-03-15T10:00:00.000Z", "2024-03-15"),
            ("mars 2024", "2024"),
            ("03/2024", "2024"),
            ("2024-03", "2024"),
            ("2024", "2024"),
        ] {
            let date = Date::from_typed(text).map(|date| date.to_string());
            assert_eq!(date.as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "31/02/2024",
            "03/15/2024",
            "15/03/24",
            "13/2024",
            "15 mars",
            "mars",
            "bientôt",
            "15 mars 2024 ou après",
            "",
        ] {
            assert!(Date::from_typed(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn anything_typed_is_a_date_or_none(text in "([0-9]{1,4}|mars|[-/. T:+Zé]){0,9}") {
            let _ = Date::from_typed(&text);
        }
    }

    #[test]
    fn refuses_days_that_are_not_in_the_calendar() {
        for text in [
            "",
            "23",
            "0218-01-01",
            "2023-02-30",
            "2023-13-01",
            "2023-5-1",
            "2023-05",
            "2018-12-26+01:00",
            "２０２３",
        ] {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }
}
