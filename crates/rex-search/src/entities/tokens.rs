//! The words, numbers and signs of a query, and what is between them.
//!
//! Not the tokens of the analyzer: an amount or a date needs the signs (`< 40 k€`, `31/12`), the groups of a number apart, elided
//! articles, and whether a token touches the one before.

use std::ops::Range;

use rex_analysis::{fold, is_apostrophe};
use rex_query::Facet;

use super::name_key::MAX_NAME_WORDS;
use super::name_key::push;

/// Most tokens that are read.
const MAX_WORDS: usize = 256;

/// One word, number or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryToken {
    /// Its bytes in the query.
    pub(super) range: Range<usize>,
    /// The word folded, the digits of a number, the sign itself.
    pub(super) folded: String,
    pub(super) kind: TokenKind,
    /// Whether only an apostrophe, a hyphen or nothing is between it and the token before.
    pub(super) is_glued: bool,
    /// Whether a hyphen is between it and the token before.
    pub(super) is_hyphenated: bool,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Letters,
    Digits,
    Sign,
}

/// A part of a query that is neither quoted nor excluded, split into tokens.
pub(super) struct QueryTokens<'a> {
    query: &'a str,
    tokens: Vec<QueryToken>,
    /// Capitals mean nothing in a query without a lower-case letter.
    has_small_letters: bool,
}

impl<'a> QueryTokens<'a> {
    /// Splits a part of a query.
    pub(super) fn new(query: &'a str, stretch: Range<usize>) -> Self {
        let mut tokens: Vec<QueryToken> = Vec::new();
        let mut at = stretch.start;
        let mut before = Gap::Space;
        while let Some(c) = query[at..stretch.end]
            .chars()
            .next()
            .filter(|_| tokens.len() < MAX_WORDS)
        {
            let rest = &query[at..stretch.end];
            let (kind, length) = kind_and_length(rest);
            let follows_letters = tokens.last().is_some_and(|token| token.kind == TokenKind::Letters);
            let ties = rest[c.len_utf8()..].starts_with(char::is_alphabetic);
            if c.is_whitespace() {
                before = Gap::Space;
            } else if kind == TokenKind::Sign && follows_letters && ties && before != Gap::Space && is_apostrophe(c) {
                before = Gap::Nothing;
            } else if kind == TokenKind::Sign && follows_letters && ties && before != Gap::Space && is_hyphen(c) {
                before = Gap::Hyphen;
            } else {
                tokens.push(QueryToken {
                    range: at..at + length,
                    folded: folded(&rest[..length], kind),
                    kind,
                    is_glued: before != Gap::Space,
                    is_hyphenated: before == Gap::Hyphen,
                    is_capital: c.is_uppercase(),
                });
                before = Gap::Nothing;
            }
            at += length;
        }
        tokens.retain(|token| !token.folded.is_empty());
        Self {
            query,
            tokens,
            has_small_letters: query.chars().any(char::is_lowercase),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&QueryToken> {
        self.tokens.get(at)
    }

    /// The word at an index, folded; empty past the end.
    pub(super) fn folded(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.folded)
    }

    /// The digits at an index, where there is a number.
    pub(super) fn digits(&self, at: usize) -> Option<&str> {
        let token = self.tokens.get(at)?;
        (token.kind == TokenKind::Digits).then_some(token.folded.as_str())
    }

    /// Whether a word is glued to the one before.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_glued)
    }

    /// Whether exactly one space, of whatever width, is before a token.
    pub(super) fn follows_one_space(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|before| self.tokens.get(before)) else {
            return false;
        };
        let between = self
            .tokens
            .get(at)
            .map(|token| &self.query[before.range.end..token.range.start]);
        matches!(between, Some(" " | "\u{a0}" | "\u{202f}" | "\u{2009}"))
    }

    /// Whether a capital shows that a word is a name.
    pub(super) fn is_name(&self, at: usize) -> bool {
        self.has_small_letters && self.tokens.get(at).is_some_and(|token| token.is_capital)
    }

    /// The words outside a range that begin with a capital, but acronyms.
    pub(super) fn capitals_beside(&self, tokens: &Range<usize>) -> impl Iterator<Item = usize> {
        let is_capital = |at: &usize| {
            let token = &self.tokens[*at];
            token.kind == TokenKind::Letters && token.is_capital && !tokens.contains(at) && !self.is_acronym(*at)
        };
        (0..self.tokens.len()).filter(is_capital)
    }

    /// Whether a word of several letters is in capitals, where others are not.
    pub(super) fn is_acronym(&self, at: usize) -> bool {
        let typed = self.typed(at);
        self.has_small_letters && typed.chars().count() > 1 && !typed.chars().any(char::is_lowercase)
    }

    /// Whether a word has a capital after its first letter, and small letters too: `iPhone`.
    pub(super) fn has_inner_capital(&self, at: usize) -> bool {
        let typed = self.typed(at);
        typed.chars().any(char::is_lowercase) && typed.chars().skip(1).any(char::is_uppercase)
    }

    /// A word as it was typed; empty past the end.
    pub(super) fn typed(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &self.query[token.range.clone()])
    }

    /// Whether nothing but punctuation comes after an index.
    pub(super) fn is_end(&self, at: usize) -> bool {
        let rest = self.tokens.get(at..).unwrap_or_default();
        rest.iter().all(|token| token.folded.chars().all(is_punctuation))
    }

    /// Whether the query is nothing but some tokens.
    pub(super) fn is_all(&self, tokens: &Range<usize>) -> bool {
        let bytes = self.bytes(tokens);
        let (before, after) = (self.query.get(..bytes.start), self.query.get(bytes.end..));
        let is_blank = |c: char| c.is_whitespace() || is_punctuation(c);
        let says_nothing = |text: Option<&str>| text.is_some_and(|text| text.chars().all(is_blank));
        says_nothing(before) && says_nothing(after)
    }

    /// Whether a number or a word touches nothing but punctuation: not `31/12`, `31 %`, `n°31` or `31-40`.
    pub(super) fn stands_alone(&self, from: usize, to: usize) -> bool {
        !self.is_tied(from) && !self.goes_on(to)
    }

    /// Whether a token is joined to the one before.
    pub(super) fn is_tied(&self, at: usize) -> bool {
        self.is_glued(at) && at > 0 && self.is_tie(at - 1)
    }

    /// Whether the token at an index is joined to the one before it.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        self.is_glued(at) && self.is_tie(at)
    }

    fn is_tie(&self, at: usize) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| match token.kind {
            TokenKind::Letters | TokenKind::Digits => true,
            TokenKind::Sign if matches!(token.folded.as_str(), "." | "," | ":") => {
                self.is_glued(at + 1) && self.digits(at + 1).is_some()
            }
            TokenKind::Sign => !matches!(
                token.folded.as_str(),
                "(" | ")" | "[" | "]" | ";" | "?" | "!" | "…" | "\""
            ),
        })
    }

    /// The index after a phrase, its folded words apart by spaces, where the query has it at an index.
    pub(super) fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        // Hundreds of phrases are tried at each token: most differ in the first letters.
        let first = self.folded(at);
        if first.is_empty() || !phrase.starts_with(first) {
            return None;
        }
        let mut next = at;
        for token in phrase.split(' ') {
            if self.folded(next) != token {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    /// The index after the longest of the phrases that the query has at an index.
    pub(super) fn any(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        phrases.iter().filter_map(|phrase| self.phrase(at, phrase)).max()
    }

    /// The same, or the index itself where it has none of them.
    pub(super) fn skip(&self, at: usize, phrases: &[&str]) -> usize {
        self.any(at, phrases).unwrap_or(at)
    }

    /// The index after two full stops between bounds: `40000..90000`, not `etc...`.
    pub(super) fn dots(&self, at: usize) -> Option<usize> {
        let next = self.phrase(at, ". .").filter(|_| self.is_glued(at + 1))?;
        let is_third = self.is_glued(next) && self.folded(next) == ".";
        (!is_third).then_some(next)
    }

    /// The keys of the names that begin at an index, and the index after each: one word, two words... up to a sign.
    pub(super) fn names(&self, at: usize, facet: Facet) -> impl Iterator<Item = (String, usize)> + '_ {
        let tokens = self.tokens.get(at..).unwrap_or_default().iter();
        let mut name = String::new();
        tokens
            .take_while(|token| token.kind != TokenKind::Sign)
            .take(MAX_NAME_WORDS)
            .zip(at + 1..)
            .map(move |(token, next)| {
                push(&mut name, facet, &token.folded);
                (name.clone(), next)
            })
    }

    /// The bytes of some words.
    pub(super) fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map_or(0, |token| token.range.start);
        let end = tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last));
        start..end.map_or(start, |token| token.range.end)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Nothing,
    Hyphen,
    Space,
}

/// The kind and the length of the first token of a text.
fn kind_and_length(text: &str) -> (TokenKind, usize) {
    let length = |is_inside: fn(char) -> bool| text.find(|c| !is_inside(c)).unwrap_or(text.len());
    match text.chars().next() {
        Some(c) if c.is_ascii_digit() => (TokenKind::Digits, length(|c| c.is_ascii_digit())),
        Some(c) if c.is_alphanumeric() => (TokenKind::Letters, length(is_of_a_word)),
        Some(c) => (TokenKind::Sign, c.len_utf8()),
        None => (TokenKind::Sign, 0),
    }
}

/// Letters and digits, accents that are apart from their letters, and marks of where a line may break.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')
}

fn folded(text: &str, kind: TokenKind) -> String {
    match kind {
        TokenKind::Letters => fold(text),
        TokenKind::Digits | TokenKind::Sign => text.to_owned(),
    }
}

fn is_punctuation(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '…' | '(' | ')' | '[' | ']' | '"')
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
            let tokens = QueryTokens::new(text, 0..text.len());
            let spelled: Vec<_> = (0..tokens.len()).map(|at| tokens.folded(at).to_owned()).collect();
            spelled.join("|")
        };
        assert_eq!(cut("l’Île-de-France < 40k€"), "l|ile|de|france|<|40|k|€");
        assert_eq!(cut("75231240-8 (2A)"), "75231240|-|8|(|2|a|)");
        assert_eq!(cut("M'Tsambo CO2 e\u{301}té - fin"), "m|tsambo|co2|ete|-|fin");
    }
}
