use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    }
}
