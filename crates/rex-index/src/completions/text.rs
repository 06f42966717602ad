use rex_analysis::{Token, words_as_written};

/// A text as it may be searched, with its words.
pub(super) struct Text {
    /// One line, and nothing in it that a query would take for a phrase or an exclusion.
    pub(super) text: String,
    /// Its words, which are those it had before.
    pub(super) words: Vec<Token>,
}

impl Text {
    pub(super) fn read(text: &str) -> Self {
        let text = searchable(text);
        Self {
            words: words_as_written(&text),
            text,
        }
    }

    /// The folded words joined by single spaces; elided articles are no words.
    pub(super) fn key(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.exact.as_str()).collect();
        words.join(" ")
    }

    /// The same in lower case where it is all in capitals, unless other words would come of it: `L'SCIC` has an article,
    /// `l'scic` may have none.
    pub(super) fn without_capitals(self) -> Self {
        if self.text.chars().any(char::is_lowercase) {
            return self;
        }
        let lowered = Self::read(&self.text.to_lowercase());
        let are_same = lowered.words.len() == self.words.len()
            && lowered
                .words
                .iter()
                .zip(&self.words)
                .all(|(one, other)| one.exact == other.exact);
        if are_same { lowered } else { self }
    }
}

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

    use super::*;

    /// The key of a text that was not made searchable.
    fn key_of(text: &str) -> String {
        let words: Vec<String> = words_as_written(text).into_iter().map(|word| word.exact).collect();
        words.join(" ")
    }

    #[test]
    fn what_is_searched_holds_the_words_and_no_syntax() {
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
        }
    }
}
