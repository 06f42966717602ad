use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check::problem::quoted;

/// An amount of money before tax, stored in cents so that bounds and sums are exact.
///
/// From 0 to [`Euros::MAX`]. In JSON, a number of euros: `350000`, or `350000.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Euros(u64);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not a decimal number.
    #[error("\"{0}\" is not an amount, expected euros before tax such as 350000 or 127721.50")]
    NotANumber(String),
    /// Below zero.
    #[error("negative amount {0}, expected 0 or more euros before tax")]
    Negative(String),
    /// Above [`Euros::MAX`].
    #[error("amount {0} is out of range, expected at most 1000000000000 euros")]
    TooLarge(String),
    /// Includes tax.
    #[error("{} includes tax (TTC), expected the amount before tax (HT)", quoted(.0))]
    WithTax(String),
    /// One separator before three digits: it may separate thousands or decimals.
    #[error("{} may mean thousands or decimals, expected euros before tax such as 350000 or 127721.50", quoted(.0))]
    Ambiguous(String),
    /// More than two decimals.
    #[error("amount {0} has more than two decimals, expected euros and cents")]
    TooFine(String),
}

impl Euros {
    /// A thousand billion euros. Public spending is less, so a larger amount is a typing error.
    pub const MAX: Self = Self(100_000_000_000_000);

    /// The amount of `cents`; `None` above [`Euros::MAX`].
    pub fn from_cents(cents: u64) -> Option<Self> {
        (cents <= Self::MAX.0).then_some(Self(cents))
    }

    /// The amount in cents.
    pub const fn cents(self) -> u64 {
        self.0
    }

    /// The amount in euros, for display.
    pub fn to_f64(self) -> f64 {
        // Exact: the largest amount in cents is far below 2^53.
        self.0 as f64 / 100.0
    }

    /// Parses `350000`, `350000.5`, `127721,50` or `1 590 000`.
    ///
    /// # Errors
    /// The cases of [`AmountError`].
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let text = text.trim();
        let joined: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
            .collect();
        let text = joined.as_str();
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, decimals) = unsigned.split_once(['.', ',']).unwrap_or((unsigned, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(decimals) {
            return Err(AmountError::NotANumber(text.to_owned()));
        }
        if text.starts_with('-') {
            return Err(AmountError::Negative(text.to_owned()));
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 2 {
            return Err(AmountError::TooFine(text.to_owned()));
        }
        let too_large = || AmountError::TooLarge(text.to_owned());
        let cents = format!("{whole}{decimals:0<2}").parse().map_err(|_| too_large())?;
        Self::from_cents(cents).ok_or_else(too_large)
    }

    /// Parses an amount as people type it: what [`parse`](Self::parse) takes, `48 000,50 €`, `48 000 € HT`, `1.590.000,00 euros`,
    /// `48 k€`, `1,2 M€`.
    ///
    /// # Errors
    /// The cases of [`AmountError`].
    pub fn from_typed(text: &str) -> Result<Self, AmountError> {
        if is_thousands_or_decimals(text.trim()) {
            return Err(AmountError::Ambiguous(text.trim().to_owned()));
        }
        match Self::parse(text) {
            Err(AmountError::NotANumber(_)) => {}
            parsed => return parsed,
        }
        let not_a_number = || AmountError::NotANumber(text.trim().to_owned());
        let lower = text.trim().trim_start_matches(['€', ' ']).to_lowercase();
        let unit_at = lower.find(|c: char| c.is_alphabetic() || matches!(c, '€' | '('));
        let (number, unit) = lower.split_at(unit_at.unwrap_or(lower.len()));
        let number: String = number
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’'))
            .collect();
        if is_thousands_or_decimals(&number) {
            return Err(AmountError::Ambiguous(text.trim().to_owned()));
        }
        let scale = match unit_scale(unit) {
            Some(Unit::WithTax) => return Err(AmountError::WithTax(text.trim().to_owned())),
            Some(Unit::Scale(scale)) => scale,
            None => return Err(not_a_number()),
        };
        let number = without_thousands_separators(&number).ok_or_else(not_a_number)?;
        let (whole, decimals) = number.split_once('.').unwrap_or((&number, ""));
        // `1.2` million is `1200000`.
        let (shifted, rest) = decimals.split_at_checked(scale).unwrap_or((decimals, ""));
        Self::parse(&format!("{whole}{shifted:0<scale$}.{rest:0<1}"))
    }
}

enum Unit {
    WithTax,
    /// A power of ten.
    Scale(usize),
}

/// What the words after a number say: `€ ht`, `k€`. `None` for any other words.
fn unit_scale(unit: &str) -> Option<Unit> {
    let unit = unit.replace("t.t.c", "ttc").replace("h.t", "ht").replace('€', " € ");
    let mut scale = 0;
    let mut is_with_tax = false;
    let is_separator = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '.' | ',' | ';' | '\'' | '’');
    for word in unit.split(is_separator).filter(|word| !word.is_empty()) {
        match word {
            "€" | "e" | "eur" | "euro" | "euros" | "ht" | "hors" | "taxe" | "taxes" | "de" | "d" => {}
            "k" | "ke" | "keur" | "millier" | "milliers" if scale == 0 => scale = 3,
            "m" | "me" | "meur" | "million" | "millions" if scale == 0 => scale = 6,
            "ttc" | "toutes" | "comprises" | "comprise" => is_with_tax = true,
            _ => return None,
        }
    }
    Some(if is_with_tax { Unit::WithTax } else { Unit::Scale(scale) })
}

/// Whether the only separator of a number stands before its last three digits: `48.000`.
fn is_thousands_or_decimals(number: &str) -> bool {
    let Some((whole, end)) = number.split_once(['.', ',']) else {
        return false;
    };
    let are_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    end.len() == 3 && are_digits(end) && matches!(whole.len(), 1..=3) && are_digits(whole) && !whole.starts_with('0')
}

/// A number with a point before its decimals and no other separator. `None` if the separators contradict each other.
fn without_thousands_separators(number: &str) -> Option<String> {
    let last = number.rfind(['.', ',']).map(|at| (at, &number[at..=at]));
    let Some((at, mark)) = last else {
        return Some(number.to_owned());
    };
    let is_decimal = number.matches(mark).count() == 1;
    let (whole, decimals) = match is_decimal {
        true => (&number[..at], &number[at + 1..]),
        false => (number, ""),
    };
    let mut groups = whole.split(['.', ',']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let has_other_mark = is_decimal && whole.contains(mark);
    let is_grouped = rest.is_empty() || (matches!(first.len(), 1..=3) && rest.iter().all(|group| group.len() == 3));
    (is_grouped && !has_other_mark).then(|| format!("{first}{}.{decimals}", rest.concat()))
}

impl fmt::Display for Euros {
    /// As in the front matter: `350000` or `127721.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 100 {
            0 => write!(f, "{}", self.0 / 100),
            cents => write!(f, "{}.{cents:02}", self.0 / 100),
        }
    }
}

impl Serialize for Euros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            serializer.serialize_u64(self.0 / 100)
        } else {
            serializer.serialize_f64(self.to_f64())
        }
    }
}

impl<'de> Deserialize<'de> for Euros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        Self::parse(&number.to_string()).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_euros_and_cents() {
        for (text, cents) in [
            ("0", 0),
            ("350000", 35_000_000),
            ("127721.5", 12_772_150),
            ("1,05", 105),
            ("2.00", 200),
            ("1 590 000", 159_000_000),
        ] {
            assert_eq!(Euros::parse(text).map(Euros::cents), Ok(cents), "{text}");
        }
    }

    #[test]
    fn says_why_a_number_is_not_an_amount() {
        for (text, expected) in [
            ("-1", "negative amount -1"),
            ("abc", "\"abc\" is not an amount"),
            ("", "\"\" is not an amount"),
            ("1e5", "\"1e5\" is not an amount"),
            ("1.234", "more than two decimals"),
            (
                "100000000000000000",
                "out of range, expected at most 1000000000000 euros",
            ),
            ("99999999999999999999999999", "out of range"),
        ] {
            let error = Euros::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn reads_amounts_as_people_type_them() {
        for (text, cents) in [
            ("48 000,50 €", 4_800_050),
            ("48 000 € HT", 4_800_000),
            ("48\u{202f}000 €\u{a0}H.T.", 4_800_000),
            ("48000 euros hors taxes", 4_800_000),
            ("1.590.000,00 euros", 159_000_000),
            ("1,234,567.89 EUR", 123_456_789),
            ("48 k€", 4_800_000),
            ("1,2 M€ (HT)", 120_000_000),
            ("1,25 million d’euros", 125_000_000),
            ("€ 350000", 35_000_000),
            ("350000", 35_000_000),
            ("127721,50", 12_772_150),
        ] {
            assert_eq!(Euros::from_typed(text).map(Euros::cents), Ok(cents), "{text}");
        }
        for (text, expected) in [
            (
                "57 600 € TTC",
                "\"57 600 € TTC\" includes tax (TTC), expected the amount before tax (HT)",
            ),
            ("48.000", "\"48.000\" may mean thousands or decimals"),
            ("48,000 €", "\"48,000 €\" may mean thousands or decimals"),
            ("40 000 à 90 000 €", "is not an amount"),
            ("48 000 € par an", "is not an amount"),
            ("12.34.56 €", "is not an amount"),
            ("1,234567 k€", "more than two decimals"),
            ("€", "is not an amount"),
            ("-5 €", "negative amount"),
            ("900000000 M€", "out of range"),
        ] {
            let error = Euros::from_typed(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn survives_json() {
        for text in ["350000", "127721.5", "0.05"] {
            let amount: Euros = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&amount).unwrap(), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_is_written_the_same(text in "[-0-9 .,\u{a0}e€]{0,18}") {
            if let Ok(amount) = Euros::parse(&text) {
                proptest::prop_assert_eq!(Euros::parse(&amount.to_string()), Ok(amount));
            }
        }

        #[test]
        fn anything_typed_is_an_amount_or_none(text in "[-0-9 .,'€kKmMeuroHTC()\u{202f}é]{0,18}") {
            let _ = Euros::from_typed(&text);
        }
    }
}
