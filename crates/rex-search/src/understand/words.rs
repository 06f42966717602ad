//! The words, numbers and signs of a query, and how they stand to one another.

use std::ops::Range;

use rex_analysis::{fold, is_apostrophe};
use rex_index::Facet;

use super::MAX_NAME_WORDS;
use super::values::push;

/// Words of a query that are read; a text pasted into the search field is cut there.
const MAX_WORDS: usize = 256;

/// One word, number or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes in the query.
    pub(super) range: Range<usize>,
    /// The word folded, the digits of a number, the sign itself.
    pub(super) folded: String,
    pub(super) kind: Kind,
    /// Whether nothing stands between it and the word before, or only an apostrophe or a hyphen.
    pub(super) is_glued: bool,
    /// Whether a hyphen ties it to the word before.
    pub(super) is_hyphenated: bool,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letters,
    Digits,
    Sign,
}

/// A stretch of a query that is neither quoted nor excluded, cut into words.
pub(super) struct Words<'a> {
    query: &'a str,
    words: Vec<Word>,
    /// Capitals tell nothing in a query that has no small letter.
    has_small_letters: bool,
}

impl<'a> Words<'a> {
    /// Cuts a stretch of a query.
    pub(super) fn new(query: &'a str, stretch: Range<usize>) -> Self {
        let mut words: Vec<Word> = Vec::new();
        let mut at = stretch.start;
        let mut before = Between::Space;
        while let Some(c) = query[at..stretch.end]
            .chars()
            .next()
            .filter(|_| words.len() < MAX_WORDS)
        {
            let rest = &query[at..stretch.end];
            let (kind, length) = kind_and_length(rest);
            let follows_letters = words.last().is_some_and(|word| word.kind == Kind::Letters);
            let ties = rest[c.len_utf8()..].starts_with(char::is_alphabetic);
            if c.is_whitespace() {
                before = Between::Space;
            } else if kind == Kind::Sign && follows_letters && ties && before != Between::Space && is_apostrophe(c) {
                before = Between::Nothing;
            } else if kind == Kind::Sign && follows_letters && ties && before != Between::Space && is_hyphen(c) {
                before = Between::Hyphen;
            } else {
                words.push(Word {
                    range: at..at + length,
                    folded: folded(&rest[..length], kind),
                    kind,
                    is_glued: before != Between::Space,
                    is_hyphenated: before == Between::Hyphen,
                    is_capital: c.is_uppercase(),
                });
                before = Between::Nothing;
            }
            at += length;
        }
        words.retain(|word| !word.folded.is_empty());
        Self {
            query,
            words,
            has_small_letters: query.chars().any(char::is_lowercase),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Word> {
        self.words.get(at)
    }

    /// The word at a rank, folded; empty past the end.
    pub(super) fn folded(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.folded)
    }

    /// The digits at a rank, where there is a number.
    pub(super) fn digits(&self, at: usize) -> Option<&str> {
        let word = self.words.get(at)?;
        (word.kind == Kind::Digits).then_some(word.folded.as_str())
    }

    /// Whether a word is glued to the one before.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.is_glued)
    }

    /// Whether one space, of whatever width, stands before a word and nothing else.
    pub(super) fn follows_one_space(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|before| self.words.get(before)) else {
            return false;
        };
        let between = self
            .words
            .get(at)
            .map(|word| &self.query[before.range.end..word.range.start]);
        matches!(between, Some(" " | "\u{a0}" | "\u{202f}" | "\u{2009}"))
    }

    /// Whether a capital shows that a word is a name.
    pub(super) fn is_name(&self, at: usize) -> bool {
        self.has_small_letters && self.words.get(at).is_some_and(|word| word.is_capital)
    }

    /// Whether a number or a word touches nothing but punctuation: not `31/12`, `31 %`, `n°31` or `31-40`.
    pub(super) fn stands_alone(&self, from: usize, to: usize) -> bool {
        let is_tie = |at: usize| {
            let word = self.words.get(at);
            word.is_some_and(|word| match word.kind {
                Kind::Letters | Kind::Digits => true,
                Kind::Sign if matches!(word.folded.as_str(), "." | "," | ":") => {
                    self.is_glued(at + 1) && self.digits(at + 1).is_some()
                }
                Kind::Sign => !matches!(
                    word.folded.as_str(),
                    "(" | ")" | "[" | "]" | ";" | "?" | "!" | "…" | "\""
                ),
            })
        };
        let is_tied_before = self.is_glued(from) && from > 0 && is_tie(from - 1);
        let is_tied_after = self.is_glued(to) && is_tie(to);
        !is_tied_before && !is_tied_after
    }

    /// The rank after a phrase, its folded words apart by spaces, where the query has it at a rank.
    pub(super) fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut next = at;
        for word in phrase.split(' ') {
            if self.folded(next) != word {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    /// The rank after the longest of the phrases that the query has at a rank.
    pub(super) fn any(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        phrases.iter().filter_map(|phrase| self.phrase(at, phrase)).max()
    }

    /// The same, or the rank itself where it has none of them.
    pub(super) fn skip(&self, at: usize, phrases: &[&str]) -> usize {
        self.any(at, phrases).unwrap_or(at)
    }

    /// What the words from a rank on could name, as values of a facet are looked up, and the rank after each: one word,
    /// two words... up to a sign.
    pub(super) fn names(&self, at: usize, facet: Facet) -> impl Iterator<Item = (String, usize)> + '_ {
        let words = self.words.get(at..).unwrap_or_default().iter();
        let mut name = String::new();
        words
            .take_while(|word| word.kind != Kind::Sign)
            .take(MAX_NAME_WORDS)
            .zip(at + 1..)
            .map(move |(word, next)| {
                push(&mut name, facet, &word.folded);
                (name.clone(), next)
            })
    }

    /// The bytes of some words.
    pub(super) fn bytes(&self, words: &Range<usize>) -> Range<usize> {
        let start = self.words.get(words.start).map_or(0, |word| word.range.start);
        let end = words.end.checked_sub(1).and_then(|last| self.words.get(last));
        start..end.map_or(start, |word| word.range.end)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Nothing,
    Hyphen,
    Space,
}

/// What a text begins with, and how long that is.
fn kind_and_length(text: &str) -> (Kind, usize) {
    let length = |is_inside: fn(char) -> bool| text.find(|c| !is_inside(c)).unwrap_or(text.len());
    match text.chars().next() {
        Some(c) if c.is_ascii_digit() => (Kind::Digits, length(|c| c.is_ascii_digit())),
        Some(c) if c.is_alphanumeric() => (Kind::Letters, length(is_of_a_word)),
        Some(c) => (Kind::Sign, c.len_utf8()),
        None => (Kind::Sign, 0),
    }
}

/// Letters and digits, accents that are apart from their letters, and marks of where a line may break.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')
}

fn folded(text: &str, kind: Kind) -> String {
    match kind {
        Kind::Letters => fold(text),
        Kind::Digits | Kind::Sign => text.to_owned(),
    }
}

pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_into_words_numbers_and_signs() {
        let cut = |text: &str| {
            let words = Words::new(text, 0..text.len());
            let spelled: Vec<_> = (0..words.len()).map(|at| words.folded(at).to_owned()).collect();
            spelled.join("|")
        };
        assert_eq!(cut("l’Île-de-France < 40k€"), "l|ile|de|france|<|40|k|€");
        assert_eq!(cut("75231240-8 (2A)"), "75231240|-|8|(|2|a|)");
        assert_eq!(cut("M'Tsambo CO2 e\u{301}té - fin"), "m|tsambo|co2|ete|-|fin");
    }
}
