//! Finds in a text the words a query asked for.

use std::ops::Range;

use rex_analysis::{Token, analyze};

use crate::parse::ParsedQuery;
use crate::response::Marked;

/// The words and phrases to mark.
#[derive(Debug)]
pub(crate) struct Highlighter {
    stems: Vec<String>,
    phrases: Vec<Vec<Token>>,
}

/// A word found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
    /// Which word or phrase of the query it is, by rank.
    pub(crate) term: usize,
}

impl Highlighter {
    pub(crate) fn new(query: &ParsedQuery) -> Self {
        Self {
            stems: query.words.iter().map(|word| word.stem.clone()).collect(),
            phrases: query.phrases.clone(),
        }
    }

    /// The words of the text that were asked for, in order, each once.
    pub(crate) fn find(&self, text: &str) -> Vec<Found> {
        if self.stems.is_empty() && self.phrases.is_empty() {
            return Vec::new();
        }
        let tokens = analyze(text);
        let word = |token: &Token| self.stems.iter().position(|stem| *stem == token.stem);
        let mut found: Vec<Option<usize>> = tokens.iter().map(word).collect();
        for at in 0..tokens.len() {
            for (rank, phrase) in self.phrases.iter().enumerate() {
                if starts_with(&tokens[at..], phrase) {
                    found[at..at + phrase.len()].fill(Some(self.stems.len() + rank));
                }
            }
        }
        let marked = |(token, term): (&Token, Option<usize>)| {
            Some(Found {
                range: token.start..token.end,
                term: term?,
            })
        };
        tokens.iter().zip(found).filter_map(marked).collect()
    }

    /// The whole text with its words marked.
    pub(crate) fn mark(&self, text: &str) -> Marked {
        Marked {
            text: text.to_owned(),
            marks: self.find(text).into_iter().map(|found| found.range).collect(),
        }
    }
}

/// Whether the tokens begin with a phrase, word for word and side by side.
fn starts_with(tokens: &[Token], phrase: &[Token]) -> bool {
    tokens.len() >= phrase.len()
        && tokens.iter().zip(phrase).all(|(token, word)| {
            token.exact == word.exact && token.position - tokens[0].position == word.position - phrase[0].position
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    fn marks(query: &str, text: &str) -> Vec<String> {
        let marked = Highlighter::new(&parse(query)).mark(text);
        marked
            .parts()
            .filter(|(_, marked)| *marked)
            .map(|(part, _)| part.to_owned())
            .collect()
    }

    #[test]
    fn marks_the_word_and_not_its_article() {
        assert_eq!(
            marks("insertion dechet", "L’insertion par les DÉCHETS, d'insertion"),
            ["insertion", "DÉCHETS", "insertion"]
        );
        assert_eq!(marks("l'eau", "De l'eau"), ["eau"]);
        assert_eq!(marks("", "rien"), [] as [&str; 0]);
    }

    #[test]
    fn marks_a_phrase_only_where_it_is_whole() {
        assert_eq!(
            marks("\"marché réservé\"", "un marché, un marché réservé"),
            ["marché", "réservé"]
        );
        assert_eq!(marks("\"un lot\" lot", "un lot, des lots"), ["un", "lot", "lots"]);
        assert_eq!(marks("-lot tri", "lot tri"), ["tri"]);
    }
}
