//! Amounts, durations and dates of published records.

use super::anomaly::{Anomalies, DecpProblem};
use rex_corpus::{Date, Euros};

/// Months above which the duration of a contract is reported: ten years.
const LONG_MONTHS: u32 = 120;
/// Maximum months of a contract: 25 years, as some of insurance and energy have. Longer durations are days typed as months, such as
/// 365.
const MAX_MONTHS: u32 = 300;
/// Maximum months of a concession or partnership: 99 years, as in [`rex_corpus`].
const MAX_CONCESSION_MONTHS: u32 = 1_188;
/// Publication began in 2018 (décret n° 2016-360, article 107). Older contracts are published when they are modified.
const FIRST_YEAR: u16 = 1990;

/// Of several texts for one value, the first that `read` understands, else the first that is not empty.
pub(super) fn first_read<'a, T>(typed: &[&'a str], read: impl Fn(&str) -> Option<T>) -> &'a str {
    let good = typed.iter().find(|typed| read(typed).is_some());
    let good = good.or_else(|| typed.iter().find(|typed| !typed.is_empty()));
    good.copied().unwrap_or_default()
}

/// An amount before tax. 0 means unknown and is reported.
pub(super) fn amount(typed: &str, wrong: &mut Anomalies) -> Option<Euros> {
    let read = euros(typed);
    if read.is_none() && !typed.is_empty() {
        wrong.add(DecpProblem::Amount, "montant écarté", typed);
    }
    read
}

/// A positive number of euros, rounded to the cent. `None` for a placeholder of nines.
pub(super) fn euros(typed: &str) -> Option<Euros> {
    const NINES: usize = 7;
    let plain: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let euros: f64 = plain.replace(',', ".").parse().ok()?;
    let whole = plain.split(['.', ',']).next().unwrap_or_default();
    let is_made_up = whole.len() >= NINES && whole.bytes().all(|digit| digit == b'9');
    let cents = (euros * 100.0).round();
    // Exact: the largest amount is far below 2^53.
    let is_amount = cents >= 1.0 && cents <= Euros::MAX.cents() as f64 && !is_made_up;
    is_amount.then(|| Euros::from_cents(cents as u64)).flatten()
}

/// Maximum months of a contract of a kind.
pub(super) fn most_months(is_concession: bool, kind: &str) -> u32 {
    let is_long = is_concession || kind.to_lowercase().contains("partenariat");
    if is_long { MAX_CONCESSION_MONTHS } else { MAX_MONTHS }
}

/// Whole months, rounded up as the format demands.
pub(super) fn months(typed: &str, most: u32, wrong: &mut Anomalies) -> Option<u32> {
    let read = whole_months(typed).filter(|months| (1..=most).contains(months));
    match read {
        None if !typed.is_empty() => wrong.add(DecpProblem::Duration, "durée écartée, en mois", typed),
        Some(months) => say_if_long(months, most, typed, wrong),
        None => {}
    }
    read
}

/// Reports a duration that only some contracts have. `most` tells concessions from contracts.
pub(super) fn say_if_long(months: u32, most: u32, typed: &str, wrong: &mut Anomalies) {
    if months > LONG_MONTHS && most == MAX_MONTHS {
        wrong.add(DecpProblem::LongDuration, "durée de plus de dix ans, en mois", typed);
    }
}

pub(super) fn whole_months(typed: &str) -> Option<u32> {
    let months: f64 = typed.replace(',', ".").parse().ok()?;
    (0.0..=f64::from(MAX_CONCESSION_MONTHS))
        .contains(&months)
        .then(|| months.ceil() as u32)
}

/// The day of `2018-12-26`, `2018-12-26+01:00`, `2018-12-26T00:00:00Z` or `26/12/2018`, not after `last_year`.
pub(super) fn date(typed: &str, last_year: u16, wrong: &mut Anomalies) -> Option<Date> {
    let read = first_date(typed).filter(|date| (FIRST_YEAR..=last_year).contains(&date.year()));
    if read.is_none() && !typed.is_empty() {
        wrong.add(DecpProblem::Date, "date écartée", typed);
    }
    read
}

/// The day at the start of a text. Ignores the time and the time zone.
pub(super) fn first_date(typed: &str) -> Option<Date> {
    let day = typed.get(..10)?;
    let rest = &typed[10..];
    if !(rest.is_empty() || rest.starts_with(['+', '-', 'T', 'Z', ' '])) {
        return None;
    }
    let french = || {
        let mut parts = day.split('/');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        Some(format!("{year}-{month}-{day}"))
    };
    Date::parse(day).ok().or_else(|| Date::parse(&french()?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts_as_they_are_published() {
        let read = |typed: &str| amount(typed, &mut Anomalies::default()).map(|euros| euros.to_string());
        for (typed, expected) in [
            ("153900", Some("153900")),
            ("32042.26", Some("32042.26")),
            ("191928.5512", Some("191928.55")),
            ("1 234,5", Some("1234.50")),
            ("0.01", Some("0.01")),
            ("0", None),
            ("-5", None),
            ("100000000000000000", None),
            ("999999999", None),
            ("99999999.99", None),
            ("NaN", None),
            ("inf", None),
            ("vingt", None),
            ("", None),
        ] {
            assert_eq!(read(typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn reads_durations_and_dates() {
        let read =
            |typed: &str, is_concession| months(typed, most_months(is_concession, ""), &mut Anomalies::default());
        assert_eq!(read("12", false), Some(12));
        assert_eq!(read("0.5", false), Some(1));
        assert_eq!(read("0", false), None);
        assert_eq!(read("180", false), Some(180));
        assert_eq!(read("300", false), Some(300));
        assert_eq!(read("301", false), None);
        assert_eq!(read("365", false), None);
        assert_eq!(read("730", false), None);
        assert_eq!(read("180", true), Some(180));
        assert_eq!(read("4000", true), None);
        let read = |typed: &str| date(typed, 2027, &mut Anomalies::default()).map(|date| date.to_string());
        for (typed, expected) in [
            ("2018-12-26+01:00", Some("2018-12-26")),
            ("2018-11-29-04:00", Some("2018-11-29")),
            ("2018-12-26T00:00:00", Some("2018-12-26")),
            ("26/12/2018", Some("2018-12-26")),
            ("0218-10-29", None),
            ("2081-10-29", None),
            ("2018-02-30", None),
            ("2018", None),
            ("é018-10-29é", None),
        ] {
            assert_eq!(read(typed).as_deref(), expected, "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(typed in ".{0,24}") {
            let mut wrong = Anomalies::default();
            amount(&typed, &mut wrong);
            months(&typed, most_months(true, &typed), &mut wrong);
            date(&typed, 2027, &mut wrong);
        }
    }
}
