//! Joins the groups of a number: `1 590 000` is `1590000`, `75231240-8` a CPV code, `213 105 554 00017` a SIRET.

use crate::phone;
use crate::tokenize::{is_fraction, is_hyphen, is_space};
use crate::word::{Word, gap};

/// Digits of a CPV code without its check digit (Regulation (EC) 2195/2002, annex I).
const CPV: usize = 8;
/// Digits of a SIREN, and of the NIC that follows it in a SIRET (INSEE, Sirene).
const SIREN: usize = 9;
const NIC: usize = 5;

/// Joins groups of three digits separated by any space or a full stop, the check digit of a CPV code, and the NIC of a SIRET. A
/// fraction character becomes two numbers.
pub(crate) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !text.contains(|c: char| c.is_ascii_digit() || is_fraction(c)) {
        return words;
    }
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut words = words.into_iter().peekable();
    while let Some(mut word) = words.next() {
        if let Some(parts) = fraction(text, &word) {
            joined.extend(parts);
            continue;
        }
        while let Some(next) = words.next_if(|next| continues(text, &word, next)) {
            let digits = format!("{}{}", word.digits(text).unwrap_or_default(), &text[next.range.clone()]);
            word = Word::spelled(word.range.start..next.range.end, vec![digits]);
        }
        joined.push(with_shorter_code(text, word));
    }
    joined
}

/// Whether a group of digits continues the number before it.
fn continues(text: &str, number: &Word, group: &Word) -> bool {
    let (Some(number_digits), Some(group_digits)) = (number.digits(text), group.digits(text)) else {
        return false;
    };
    let between = gap(text, number, group);
    let mut chars = between.chars();
    let (Some(separator), None) = (chars.next(), chars.next()) else {
        return false;
    };
    if phone::is_national(number_digits) {
        return false;
    }
    let is_written_in_groups = !number.spellings.is_empty() || number_digits.len() <= 3;
    let last_separator = text[..number.range.end]
        .char_indices()
        .rev()
        .take_while(|(at, _)| *at >= number.range.start)
        .find(|(_, c)| !c.is_ascii_digit());
    let same_separator = last_separator.is_none_or(|(_, last)| is_space(last) == is_space(separator));
    match group_digits.len() {
        3 => is_written_in_groups && same_separator && (is_space(separator) || separator == '.'),
        1 => number_digits.len() == CPV && is_hyphen(separator),
        NIC => number_digits.len() == SIREN && is_space(separator),
        _ => false,
    }
}

/// Adds the CPV code without its check digit, or the SIREN of a SIRET, as a second spelling.
fn with_shorter_code(text: &str, word: Word) -> Word {
    let Some(digits) = word.digits(text) else {
        return word;
    };
    let shorter = match digits.len() {
        length if length == CPV + 1 => &digits[..CPV],
        length if length == SIREN + NIC => &digits[..SIREN],
        _ => return word,
    };
    let spellings = vec![digits.to_owned(), shorter.to_owned()];
    Word::spelled(word.range, spellings)
}

/// `½` is 1 and 2, as `1/2` is.
fn fraction(text: &str, word: &Word) -> Option<Vec<Word>> {
    use unicode_normalization::UnicodeNormalization;
    let written = word.plain(text)?;
    if !written.starts_with(is_fraction) {
        return None;
    }
    let spelled: String = written.nfkc().collect();
    let parts = spelled.split('\u{2044}').filter(|part| !part.is_empty());
    Some(
        parts
            .map(|part| Word::spelled(word.range.clone(), vec![part.to_owned()]))
            .collect(),
    )
}
