use std::fmt;

use serde::{Deserialize, Serialize};

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
