//! Cuts a text into runs of letters and digits. The filters after it join some of them.

use unicode_normalization::char::is_combining_mark;

use crate::word::Word;

/// The runs of letters and digits of a text, with their accents and the invisible characters inside them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_letter)?;
        let end = start + run_length(&text[start..]);
        rest = end;
        Some(Word::written(start..end))
    })
}

/// Length in bytes of the run at the start of a text.
fn run_length(text: &str) -> usize {
    let begins_with_fraction = text.starts_with(is_fraction);
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if end > 0 && is_fraction(c) != begins_with_fraction {
            break;
        }
        if is_letter(c) || !c.is_ascii() && is_combining_mark(c) {
            end = at + c.len_utf8();
        } else if !is_invisible(c) {
            break;
        }
    }
    end
}

/// Letters and digits of any script, except `º` and `ʼ`, which French texts use in `nº 3` and as an apostrophe.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && c != 'º' && !is_apostrophe(c)
}

/// Fraction characters, which are separate words: `2½` is 2 and 1/2.
pub(crate) fn is_fraction(c: char) -> bool {
    matches!(c, '¼'..='¾' | '\u{2150}'..='\u{215e}')
}

/// Invisible characters inside words: soft hyphens, joiners, byte order marks.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Every character used as an apostrophe.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | 'ʼ' | '′' | '`' | '´' | '＇')
}

/// Every character used as a hyphen between two words.
pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '−' | '﹣' | '－')
}

/// Every space character except line breaks.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_what_is_neither_letter_nor_digit() {
        let cut = |text: &'static str| words(text).map(|word| &text[word.range]).collect::<Vec<_>>();
        assert_eq!(
            cut("Le tri, c’est l'avenir !"),
            ["Le", "tri", "c", "est", "l", "avenir"]
        );
        assert_eq!(cut("75231240-8 b\u{301}c"), ["75231240", "8", "b\u{301}c"]);
        assert_eq!(cut("collec\u{ad}tivité"), ["collec\u{ad}tivité"]);
        assert_eq!(cut("2½ nº3"), ["2", "½", "n", "3"]);
    }
}
