//! Filter numbers, compared exactly with the integers of the index: cents, months, years.

use rex_query::{Bounds, Facet};

/// A decimal number relative to the integers of a facet's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScaledNumber {
    /// Below 0.
    Negative,
    /// An integer.
    Whole(u64),
    /// Between this integer and the next.
    Fraction(u64),
    /// Larger than any value of a case.
    TooLarge,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl ScaledNumber {
    /// Parses a decimal number, with or without an exponent, and scales it to the unit of a facet: euros become cents.
    /// `None` for other texts.
    pub(super) fn read(facet: Facet, text: &str) -> Option<Self> {
        let decimals = if facet == Facet::Montant { 2 } else { 0 };
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (number, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent_of(exponent)?;
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() {
            return Some(Self::Whole(0));
        }
        if text.starts_with('-') {
            return Some(Self::Negative);
        }
        let leading_zeros = digits.len() - significant.len();
        // Number of digits before the decimal point after scaling; negative where zeros follow the point.
        let point = whole.len() as i64 - leading_zeros as i64 + exponent + decimals;
        Some(Self::of(significant, point))
    }

    fn of(significant: &str, point: i64) -> Self {
        const LONGEST: usize = 19;
        let Ok(point) = usize::try_from(point) else {
            return Self::Fraction(0);
        };
        if point > LONGEST {
            return Self::TooLarge;
        }
        let (whole, rest) = significant.split_at(point.min(significant.len()));
        // 19 digits are below `u64::MAX`.
        let Ok(whole) = format!("0{whole:0<point$}").parse() else {
            return Self::TooLarge;
        };
        match rest.trim_end_matches('0') {
            "" => Self::Whole(whole),
            _ => Self::Fraction(whole),
        }
    }

    /// The integers that satisfy a comparison with this number; `None` where none does.
    pub(super) fn bounds(self, comparison: Comparison) -> Option<Bounds> {
        let up_from = |from| {
            Some(Bounds {
                from: Some(from),
                to: None,
            })
        };
        let down_to = |to| {
            Some(Bounds {
                from: None,
                to: Some(to),
            })
        };
        match (comparison, self) {
            (Comparison::Greater | Comparison::GreaterOrEqual, Self::Negative) => up_from(0),
            (Comparison::Greater | Comparison::GreaterOrEqual, Self::TooLarge) => None,
            (Comparison::GreaterOrEqual, Self::Whole(number)) => up_from(number),
            (Comparison::Greater, Self::Whole(number))
            | (Comparison::Greater | Comparison::GreaterOrEqual, Self::Fraction(number)) => up_from(number + 1),
            (Comparison::Less | Comparison::LessOrEqual, Self::Negative) | (Comparison::Less, Self::Whole(0)) => None,
            (Comparison::Less | Comparison::LessOrEqual, Self::TooLarge) => up_from(0),
            (Comparison::Less, Self::Whole(number)) => down_to(number - 1),
            (Comparison::LessOrEqual, Self::Whole(number))
            | (Comparison::Less | Comparison::LessOrEqual, Self::Fraction(number)) => down_to(number),
        }
    }
}

/// The integers of a closed interval; `None` where it is empty.
pub(super) fn between(from: ScaledNumber, to: ScaledNumber) -> Option<Bounds> {
    let least = from.bounds(Comparison::GreaterOrEqual)?.from;
    let most = to.bounds(Comparison::LessOrEqual)?.to;
    let is_empty = least.zip(most).is_some_and(|(least, most)| least > most);
    (!is_empty).then_some(Bounds { from: least, to: most })
}

/// The exponent, clamped to a value beyond the digits that a filter can hold.
fn exponent_of(text: &str) -> Option<i64> {
    const LARGEST: i64 = 100_000;
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(LARGEST).min(LARGEST);
    Some(if text.starts_with('-') { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_place_of_a_number() {
        for (text, months, cents) in [
            ("0", ScaledNumber::Whole(0), ScaledNumber::Whole(0)),
            ("-0.0", ScaledNumber::Whole(0), ScaledNumber::Whole(0)),
            ("5", ScaledNumber::Whole(5), ScaledNumber::Whole(500)),
            ("+05.50", ScaledNumber::Fraction(5), ScaledNumber::Whole(550)),
            (".5", ScaledNumber::Fraction(0), ScaledNumber::Whole(50)),
            ("5.", ScaledNumber::Whole(5), ScaledNumber::Whole(500)),
            ("0.001", ScaledNumber::Fraction(0), ScaledNumber::Fraction(0)),
            (
                "127721.505",
                ScaledNumber::Fraction(127_721),
                ScaledNumber::Fraction(12_772_150),
            ),
            ("1.2e1", ScaledNumber::Whole(12), ScaledNumber::Whole(1_200)),
            ("12E-1", ScaledNumber::Fraction(1), ScaledNumber::Whole(120)),
            ("0.0001e4", ScaledNumber::Whole(1), ScaledNumber::Whole(100)),
            ("-1", ScaledNumber::Negative, ScaledNumber::Negative),
            (
                "-1e-99999999999999999999",
                ScaledNumber::Negative,
                ScaledNumber::Negative,
            ),
            (
                "1e-99999999999999999999",
                ScaledNumber::Fraction(0),
                ScaledNumber::Fraction(0),
            ),
            ("1e99999999999999999999", ScaledNumber::TooLarge, ScaledNumber::TooLarge),
            ("18446744073709551616", ScaledNumber::TooLarge, ScaledNumber::TooLarge),
        ] {
            assert_eq!(ScaledNumber::read(Facet::Duree, text), Some(months), "{text} months");
            assert_eq!(ScaledNumber::read(Facet::Montant, text), Some(cents), "{text} euros");
        }
        for text in [
            "", "-", ".", "e5", "1e", "1e+", "1,5", "1 000", "inf", "NaN", "0x1", "--1", "1.2.3", "５",
        ] {
            assert_eq!(ScaledNumber::read(Facet::Duree, text), None, "{text}");
        }
    }

    #[test]
    fn compares_as_decimals_do() {
        use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
        for (text, comparison, expected) in [
            ("5.5", Greater, Some((Some(6), None))),
            ("5.5", GreaterOrEqual, Some((Some(6), None))),
            ("5.5", Less, Some((None, Some(5)))),
            ("5.5", LessOrEqual, Some((None, Some(5)))),
            ("5", Greater, Some((Some(6), None))),
            ("5", GreaterOrEqual, Some((Some(5), None))),
            ("5", Less, Some((None, Some(4)))),
            ("5", LessOrEqual, Some((None, Some(5)))),
            ("0", Less, None),
            ("0", LessOrEqual, Some((None, Some(0)))),
            ("-1", GreaterOrEqual, Some((Some(0), None))),
            ("-1", LessOrEqual, None),
            ("1e30", LessOrEqual, Some((Some(0), None))),
            ("1e30", Greater, None),
        ] {
            let bounds = ScaledNumber::read(Facet::Duree, text).unwrap().bounds(comparison);
            assert_eq!(
                bounds.map(|bounds| (bounds.from, bounds.to)),
                expected,
                "{comparison:?} {text}"
            );
        }
    }

    #[test]
    fn a_stretch_has_both_its_ends() {
        let between = |from: &str, to: &str| {
            let place = |text| ScaledNumber::read(Facet::Duree, text).unwrap();
            between(place(from), place(to)).map(|bounds| (bounds.from, bounds.to))
        };
        assert_eq!(between("10", "20"), Some((Some(10), Some(20))));
        assert_eq!(between("-5", "9.9"), Some((Some(0), Some(9))));
        assert_eq!(between("3", "1e99"), Some((Some(3), None)));
        assert_eq!(between("20", "10"), None);
        assert_eq!(between("5.2", "5.8"), None);
    }
}
