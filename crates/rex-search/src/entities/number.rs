//! Numbers in French: grouped thousands, decimals after a comma or a point, small ones in words.

use super::tokens::QueryTokens;

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

/// Tens in letters that a smaller number follows.
const TENS: [(&str, u64); 6] = [
    ("dix", 10),
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
];

/// A number as written; the unit after it gives the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// All its digits, without the decimal sign.
    digits: u64,
    /// Number of decimals.
    decimals: u32,
    /// The index of the word after it.
    pub(super) next: usize,
}

impl Number {
    /// The number at an index.
    pub(super) fn read(tokens: &QueryTokens<'_>, at: usize) -> Option<Self> {
        let whole = |digits: u64, next: usize| Self {
            digits,
            decimals: 0,
            next,
        };
        let Some(first) = tokens.digits(at) else {
            return compound(tokens, at)
                .or_else(|| Some((small(tokens, at)?, at + 1)))
                .map(|(value, next)| whole(value, next));
        };
        let (mut digits, mut next) = (first.to_owned(), at + 1);
        while let Some((group, after)) = group(tokens, next).filter(|_| first.len() <= 3) {
            digits.push_str(group);
            next = after;
        }
        let decimals = decimals(tokens, next).unwrap_or_default();
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

    /// Its value in units of `scale`, if it is whole.
    pub(super) fn times(self, scale: u64) -> Option<u64> {
        let divisor = 10_u64.checked_pow(self.decimals)?;
        let product = self.digits.checked_mul(scale)?;
        product.is_multiple_of(divisor).then(|| product / divisor)
    }
}

/// A small number in letters.
fn small(tokens: &QueryTokens<'_>, at: usize) -> Option<u64> {
    let known = LETTERS.iter().find(|(name, _)| *name == tokens.folded(at));
    known.map(|(_, value)| *value)
}

/// Tens and what follows them, in letters: `dix-huit`, `vingt-quatre`, `trente et un`, `soixante-douze`, and the index after them.
fn compound(tokens: &QueryTokens<'_>, at: usize) -> Option<(u64, usize)> {
    let ten = TENS.iter().find(|(name, _)| *name == tokens.folded(at));
    let (_, ten) = ten?;
    let start = tokens.skip(at + 1, &["et"]);
    let unit = small(tokens, start)?;
    let is_joined = match (ten, unit) {
        (10, unit) => start == at + 1 && (7..=9).contains(&unit),
        // Only "vingt et un" and "soixante et onze" have the word between.
        (60, 1 | 11) => start > at + 1,
        (60, unit) => start == at + 1 && unit < 20,
        (_, 1) => start > at + 1,
        (_, unit) => start == at + 1 && unit < 10,
    };
    is_joined.then_some((ten + unit, start + 1))
}

/// The next three digits of a number, and the index after them: `40 000`, `40.000`.
fn group<'a>(tokens: &'a QueryTokens<'_>, at: usize) -> Option<(&'a str, usize)> {
    let is_group = |at: usize| tokens.digits(at).filter(|digits| digits.len() == 3);
    if tokens.follows_one_space(at) {
        return is_group(at).map(|group| (group, at + 1));
    }
    let is_point = tokens.is_glued(at) && tokens.folded(at) == "." && tokens.is_glued(at + 1);
    is_group(at + 1).filter(|_| is_point).map(|group| (group, at + 2))
}

/// The decimals after a comma or a point that touches both sides.
fn decimals<'a>(tokens: &'a QueryTokens<'_>, at: usize) -> Option<&'a str> {
    let is_sign = matches!(tokens.folded(at), "," | ".") && tokens.is_glued(at) && tokens.is_glued(at + 1);
    tokens.digits(at + 1).filter(|_| is_sign)
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
            ("vingt-quatre", 1, Some(24)),
            ("dix huit", 1, Some(18)),
            ("dix", 1, Some(10)),
            ("vingt et un", 1, Some(21)),
            ("trente-six", 1, Some(36)),
            ("soixante-douze", 1, Some(72)),
            ("soixante et onze", 1, Some(71)),
            ("dix deux", 1, Some(10)),
        ] {
            let tokens = QueryTokens::new(text, 0..text.len());
            let read = Number::read(&tokens, 0).and_then(|number| number.times(scale));
            assert_eq!(read, expected, "{text}");
        }
    }
}
