//! A number as people type it: `1 590 000`, `160.000,50`, `1,59`.

use std::ops::Range;

use rex_corpus::Euros;

/// A number in a text.
pub(crate) struct Number {
    pub(crate) range: Range<usize>,
    whole: String,
    decimals: String,
    /// Three digits after a single point or comma: thousands or decimals.
    is_unclear: bool,
}

impl Number {
    pub(crate) fn times(&self, factor: u32) -> Option<Euros> {
        let is_thousands = self.is_unclear && factor == 1;
        let (whole, decimals) = if is_thousands {
            (format!("{}{}", self.whole, self.decimals), String::new())
        } else {
            (self.whole.clone(), self.decimals.clone())
        };
        // Truncated to cents: 1,23456 M€.
        let decimals = format!("{decimals:0<8}");
        let hundredmillionths = format!("{whole}{}", decimals.get(..8)?).parse::<u128>().ok()?;
        let cents = hundredmillionths.checked_mul(u128::from(factor))? / 1_000_000;
        Euros::from_cents(u64::try_from(cents).ok()?)
    }
}

pub(crate) fn numbers(text: &str) -> impl Iterator<Item = Number> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| c.is_ascii_digit())?;
        let number = number(text, start);
        at = number.range.end;
        Some(number)
    })
}

/// The number whose first digit is at `start`: groups of three separated by spaces, points or apostrophes, then decimals.
fn number(text: &str, start: usize) -> Number {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = start + digits(start);
    let mut whole = text[start..end].to_owned();
    let mut groups: Vec<char> = Vec::new();
    let is_small = whole.len() <= 3;
    while let Some(mark) = text[end..]
        .chars()
        .next()
        .filter(|c| is_small && matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | ',' | '\''))
    {
        let next = end + mark.len_utf8();
        let same = groups
            .first()
            .is_none_or(|first| *first == mark || (first.is_whitespace() && mark.is_whitespace()));
        if digits(next) != 3 || !same {
            break;
        }
        whole.push_str(&text[next..next + 3]);
        groups.push(mark);
        end = next + 3;
    }
    // With decimals after the other mark, a single group is thousands: « 160.000,50 ».
    let has_decimals = |mark: char| {
        let other = if mark == '.' { ',' } else { '.' };
        let rest = text[end..].strip_prefix(other);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_unclear = groups.len() == 1 && matches!(groups[0], '.' | ',') && !has_decimals(groups[0]);
    let mut decimals = String::new();
    if is_unclear {
        decimals = whole.split_off(whole.len() - 3);
    } else if let Some(rest) = text[end..].strip_prefix([',', '.']) {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        decimals = rest[..length].to_owned();
        end += if length > 0 { length + 1 } else { 0 };
    }
    Number {
        range: start..end,
        whole,
        decimals,
        is_unclear,
    }
}
