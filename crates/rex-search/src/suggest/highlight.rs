//! Marks the typed words in a completion.

use std::ops::Range;

use rex_analysis::{Token, fold, words};
use rex_index::CompletionEntry;

use super::typed::Typed;
use rex_query::Marked;

/// The text of a completion with marks: whole words whole, the last one as far as it is typed, a corrected one whole. `from` is the
/// byte of the key at which the words are adjacent, if they are.
pub(super) fn mark(entry: &CompletionEntry<'_>, typed: &Typed, from: Option<usize>) -> Marked {
    let tokens = words(entry.text);
    let before = entry.key.get(..from.unwrap_or_default()).unwrap_or_default();
    let first = before.matches(' ').count();
    let mut marks: Vec<Range<usize>> = Vec::new();
    for (rank, word) in typed.words.iter().enumerate() {
        let is_last = rank + 1 == typed.words.len();
        let matches = |token: &&Token| {
            let is_it = token.exact == word.folded || is_last && token.exact.starts_with(&word.folded);
            is_it && !marks.iter().any(|mark| mark.start == token.start)
        };
        let Some(token) = tokens.iter().skip(first).find(matches) else {
            continue;
        };
        let end = if word.is_corrected {
            token.end
        } else {
            token.start + typed_length(&entry.text[token.start..token.end], word.folded.len())
        };
        marks.push(token.start..end);
    }
    marks.sort_by_key(|mark| mark.start);
    Marked {
        text: entry.text.to_owned(),
        marks,
    }
}

/// The bytes of a word with this folded length: `œuv` of `œuvre` for the four of `oeuv`.
fn typed_length(word: &str, folded: usize) -> usize {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    let reaches = |end: &usize| fold(&word[..*end]).len() >= folded;
    let Some(end) = ends.clone().find(reaches) else {
        return word.len();
    };
    // A combining accent belongs to its letter.
    let accents = word[end..].chars().take_while(|c| fold(&c.to_string()).is_empty());
    end + accents.map(char::len_utf8).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_ends_where_typing_did() {
        for (word, folded, expected) in [
            ("cartons", 4, "cart"),
            ("Énergétique", 5, "Énerg"),
            ("œuvre", 1, "œ"),
            ("œuvre", 4, "œuv"),
            ("e\u{301}te\u{301}", 1, "e\u{301}"),
            ("M'Tsamboro", 2, "M'T"),
            ("tri", 9, "tri"),
        ] {
            assert_eq!(&word[..typed_length(word, folded)], expected);
        }
    }
}
