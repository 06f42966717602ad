//! Cuts a text into words, as byte ranges of it.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// The words of a text: runs of letters and digits, with the apostrophes between them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(|c: char| c.is_alphanumeric())?;
        let end = start + word_length(&text[start..]);
        rest = end;
        Some(start..end)
    })
}

/// The bytes of the word a text starts with.
fn word_length(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            end = at + c.len_utf8();
        } else if is_inner(c) && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()) {
            // Joins what stands on both sides of it.
        } else {
            break;
        }
    }
    end
}

/// Characters that do not end a word when a letter follows: apostrophes, and hyphens that only mark where a line may break.
fn is_inner(c: char) -> bool {
    is_apostrophe(c) || c == '\u{ad}'
}

/// Every character that is typed or printed as an apostrophe.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '′' | '`' | '´' | '＇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_what_is_no_word() {
        let cut = |text: &'static str| words(text).map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(cut("Le tri, c’est l'avenir !"), ["Le", "tri", "c’est", "l'avenir"]);
        assert_eq!(cut("sous-traitant 75231240-8"), ["sous", "traitant", "75231240", "8"]);
        assert_eq!(cut("''a'' b\u{301}c"), ["a", "b\u{301}c"]);
    }
}
