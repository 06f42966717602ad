//! Searchable text and key of a completion.

use std::sync::Arc;

use rex_analysis::Analyzer;

use crate::text::token_cache::{CutText, WordOfText};

/// A text normalized to be offered as a query, with its tokens.
pub(super) struct Text {
    /// One line, without the syntax of phrases and exclusions.
    pub(super) text: String,
    /// Its tokens, which are the same as before normalization.
    cut: Arc<CutText>,
}

impl Text {
    /// Normalizes and tokenizes a text.
    pub(super) fn read(text: &str) -> Self {
        Self::cut(searchable(text))
    }

    /// Normalizes a text whose tokens are known.
    pub(super) fn of(text: &str, words: &Arc<CutText>) -> Self {
        let searchable = searchable(text);
        if searchable != text {
            return Self::cut(searchable);
        }
        Self {
            text: searchable,
            cut: Arc::clone(words),
        }
    }

    fn cut(text: String) -> Self {
        Self {
            cut: Arc::new(CutText::unstemmed(Analyzer::default(), &text)),
            text,
        }
    }

    /// One word per position.
    pub(super) fn words(&self) -> impl Iterator<Item = WordOfText<'_>> {
        self.cut.simple_words()
    }

    /// The folded words joined by single spaces, without elided articles.
    pub(super) fn key(&self) -> String {
        let mut key = String::with_capacity(self.text.len());
        for (position, word) in self.words().enumerate() {
            if position > 0 {
                key.push(' ');
            }
            key.push_str(word.exact);
        }
        key
    }

    /// Lowercases a text in capitals, unless that changes its words: `L'SCIC` contains an article, `l'scic` may not.
    pub(super) fn without_capitals(self) -> Self {
        if self.text.chars().any(char::is_lowercase) {
            return self;
        }
        let lowered = Self::read(&self.text.to_lowercase());
        let are_same = lowered
            .words()
            .map(|word| word.exact)
            .eq(self.words().map(|word| word.exact));
        if are_same { lowered } else { self }
    }
}

/// One line without quotation marks and leading hyphens, which a query would parse as phrases and exclusions.
fn searchable(text: &str) -> String {
    let is_quote = |c: char| matches!(c, '"' | '«' | '»' | '“' | '”' | '„');
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || is_quote(c)) {
        let word = match word.trim_start_matches('-') {
            "" => word,
            undashed => undashed,
        };
        let is_closing = word.chars().all(|c| matches!(c, ',' | '.' | ')'));
        let follows = line.is_empty() || line.ends_with('(') || is_closing;
        if !follows {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rex_analysis::words;

    use super::*;

    /// The key of a text without normalization.
    fn key_of(text: &str) -> String {
        let words: Vec<String> = words(text).into_iter().map(|word| word.exact).collect();
        words.join(" ")
    }

    #[test]
    fn searchable_text_has_the_words_without_syntax() {
        for (text, expected) in [
            ("Lot 1 -Gros œuvre", "Lot 1 Gros œuvre"),
            ("Lot 1 - Gros\n\u{a0}œuvre", "Lot 1 - Gros œuvre"),
            ("Projet « Tri », --phase \"2\"", "Projet Tri, phase 2"),
            ("(\"tri\")", "(tri)"),
            ("prud'\"hommes\"", "prud' hommes"),
            ("tri .5", "tri .5"),
        ] {
            assert_eq!(searchable(text), expected);
            assert_eq!(Text::read(text).key(), key_of(text));
        }
    }

    #[test]
    fn capitals_are_lowered_where_the_words_stay() {
        for (text, expected) in [
            ("TRI DES DÉCHETS", "tri des déchets"),
            ("TRI des DÉCHETS", "TRI des DÉCHETS"),
            ("MARCHÉ DE L'SCIC", "MARCHÉ DE L'SCIC"),
        ] {
            assert_eq!(Text::read(text).without_capitals().text, expected);
        }
    }

    proptest! {
        #[test]
        fn a_text_keeps_its_words(text in "[a-zéL \"«»,]{0,60}") {
            prop_assert_eq!(Text::read(&text).key(), key_of(&text));
            let words = Arc::new(CutText::unstemmed(Analyzer::default(), &text));
            prop_assert_eq!(Text::of(&text, &words).key(), key_of(&text));
        }
    }
}
