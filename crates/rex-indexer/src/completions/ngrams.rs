//! The runs of words of a text that one may want to complete to.

use rex_analysis::is_stop_word;

use super::normalize::Text;
use crate::text::token_cache::WordOfText;

/// Words of the longest phrase.
pub(super) const MAX_WORDS: usize = 4;
/// Letters of the shortest word that is a phrase by itself.
const MIN_LETTERS: usize = 3;

/// Gives each phrase of a text: its key, and how it is written there.
///
/// A phrase is a word, or up to [`MAX_WORDS`] of them that no punctuation parts; it neither begins nor ends with a stop
/// word, a letter or a number.
pub(super) fn each_phrase(text: &Text, mut each: impl FnMut(&str, &str)) {
    let tokens: Vec<WordOfText<'_>> = text.words().collect();
    let text = text.text.as_str();
    let bears: Vec<bool> = tokens.iter().map(bears).collect();
    let mut key = String::new();
    for first in (0..tokens.len()).filter(|first| bears[*first]) {
        key.clear();
        for last in first..tokens.len().min(first + MAX_WORDS) {
            if last > first {
                if !are_joined(text, &tokens[last - 1], &tokens[last]) {
                    break;
                }
                key.push(' ');
            }
            key.push_str(tokens[last].exact);
            if bears[last] && (last > first || key.chars().count() >= MIN_LETTERS) {
                each(&key, &text[tokens[first].start..tokens[last].end]);
            }
        }
    }
}

/// Whether a phrase may begin or end with a word.
fn bears(token: &WordOfText<'_>) -> bool {
    let is_word = token.exact.chars().count() > 1 && token.exact.chars().any(char::is_alphabetic);
    is_word && !is_stop_word(token.exact)
}

/// Whether nothing but a space, a hyphen or an elided article stands between two words.
fn are_joined(text: &str, before: &WordOfText<'_>, after: &WordOfText<'_>) -> bool {
    let Some(between) = text.get(before.end..after.start) else {
        return false;
    };
    let is_dash = |c: char| matches!(c, '-' | '\u{2010}' | '\u{2011}');
    let is_apostrophe = |c: char| matches!(c, '\'' | '’' | 'ʼ');
    let has_space = between.contains(char::is_whitespace);
    after.position == before.position + 1
        && between
            .chars()
            .all(|c| c.is_whitespace() || c.is_alphabetic() || is_apostrophe(c) || is_dash(c) && !has_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(text: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        each_phrase(&Text::read(text).without_capitals(), |key, text| {
            found.push((key.to_owned(), text.to_owned()));
        });
        found
    }

    #[test]
    fn phrases_begin_and_end_with_words_that_bear_meaning() {
        for (text, expected) in [
            (
                "Collecte des cartons",
                vec!["Collecte", "Collecte des cartons", "cartons"],
            ),
            (
                "l’insertion par l'activité, lot 2",
                vec!["insertion", "insertion par l'activité", "activité", "lot"],
            ),
            ("Île-de-France - Paris", vec!["Île", "Île-de-France", "France", "Paris"]),
            ("TRI DES DÉCHETS", vec!["tri", "tri des déchets", "déchets"]),
            ("de la et par", vec![]),
            ("a b c 12", vec![]),
        ] {
            let found: Vec<String> = phrases(text).into_iter().map(|(_, text)| text).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(phrases("l'Écologie")[0], ("ecologie".to_owned(), "Écologie".to_owned()));
        let longest = phrases("un deux trois quatre cinq six")
            .into_iter()
            .map(|(key, _)| key.split(' ').count())
            .max();
        assert_eq!(longest, Some(MAX_WORDS));
    }
}
