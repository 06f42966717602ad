//! Numbers as French writes them: thousands apart, decimals after a comma or a point, the small ones in letters.

use super::words::Words;

/// Small numbers that are written in letters.
const LETTERS: [(&str, u64); 14] = [
    ("un", 1),
    ("une", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("six", 6),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("quinze", 15),
];

/// A number as it is written: what it is worth depends on the unit that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// All its digits, without the decimal sign.
    digits: u64,
    /// How many of them are decimals.
    decimals: u32,
    /// The rank of the word after it.
    pub(super) next: usize,
}

impl Number {
    /// The number at a rank.
    pub(super) fn read(words: &Words<'_>, at: usize) -> Option<Self> {
        let whole = |digits: u64, next: usize| Self {
            digits,
            decimals: 0,
            next,
        };
        let Some(first) = words.digits(at) else {
            let value = LETTERS.iter().find(|(name, _)| *name == words.folded(at));
            return value.map(|(_, value)| whole(*value, at + 1));
        };
        let (mut digits, mut next) = (first.to_owned(), at + 1);
        while let Some((group, after)) = group(words, next).filter(|_| first.len() <= 3) {
            digits.push_str(group);
            next = after;
        }
        let decimals = decimals(words, next).unwrap_or_default();
        if !decimals.is_empty() {
            digits.push_str(decimals);
            next += 2;
        }
        Some(Self {
            digits: digits.parse().ok()?,
            decimals: u32::try_from(decimals.len()).ok()?,
            next,
        })
    }

    /// What it is worth in units of `scale`, where that is a whole number.
    pub(super) fn times(self, scale: u64) -> Option<u64> {
        let divisor = 10_u64.checked_pow(self.decimals)?;
        let product = self.digits.checked_mul(scale)?;
        product.is_multiple_of(divisor).then(|| product / divisor)
    }
}

/// The next three digits of a number, and the rank after them: `40 000`, `40.000`.
fn group<'a>(words: &'a Words<'_>, at: usize) -> Option<(&'a str, usize)> {
    let is_group = |at: usize| words.digits(at).filter(|digits| digits.len() == 3);
    if words.follows_one_space(at) {
        return is_group(at).map(|group| (group, at + 1));
    }
    let is_point = words.is_glued(at) && words.folded(at) == "." && words.is_glued(at + 1);
    is_group(at + 1).filter(|_| is_point).map(|group| (group, at + 2))
}

/// The decimals after a comma or a point that touches both sides.
fn decimals<'a>(words: &'a Words<'_>, at: usize) -> Option<&'a str> {
    let is_sign = matches!(words.folded(at), "," | ".") && words.is_glued(at) && words.is_glued(at + 1);
    words.digits(at + 1).filter(|_| is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_they_are_written() {
        for (text, scale, expected) in [
            ("40", 1, Some(40)),
            ("40 000", 100, Some(4_000_000)),
            ("40\u{a0}000", 1, Some(40_000)),
            ("1\u{202f}590\u{202f}000", 1, Some(1_590_000)),
            ("40.000", 1, Some(40_000)),
            ("1,5", 1_000_000, Some(1_500_000)),
            ("1.5", 2, Some(3)),
            ("1,5", 1, None),
            ("deux", 12, Some(24)),
            ("2023 100", 1, Some(2023)),
            ("31 40 000", 1, Some(31)),
            ("99999999999999999999", 1, None),
            ("999999999999999999", 100, None),
            ("vingt", 1, None),
        ] {
            let words = Words::new(text, 0..text.len());
            let read = Number::read(&words, 0).and_then(|number| number.times(scale));
            assert_eq!(read, expected, "{text}");
        }
    }
}
