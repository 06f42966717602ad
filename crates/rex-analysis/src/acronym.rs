//! Joins the letters of a dotted acronym: `S.C.O.P.` is `SCOP`.

use crate::word::{Word, gap};

/// Joins runs of two or more single letters separated by full stops.
pub(crate) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !text.contains('.') {
        return words;
    }
    let mut joined = Vec::with_capacity(words.len());
    let mut words = words.into_iter().peekable();
    while let Some(first) = words.next() {
        let mut end = first.range.end;
        let mut letters = String::new();
        let mut last = first.clone();
        if let Some(letter) = single_letter(text, &first) {
            while let Some(next) =
                words.next_if(|next| gap(text, &last, next) == "." && single_letter(text, next).is_some())
            {
                if letters.is_empty() {
                    letters.push(letter);
                }
                letters.extend(single_letter(text, &next));
                end = next.range.end;
                last = next;
            }
        }
        joined.push(if letters.is_empty() {
            first
        } else {
            Word::spelled(first.range.start..end, vec![letters])
        });
    }
    joined
}

fn single_letter(text: &str, word: &Word) -> Option<char> {
    let mut chars = word.plain(text)?.chars();
    chars.next().filter(|c| c.is_alphabetic() && chars.next().is_none())
}
