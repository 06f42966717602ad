//! Phrases of a text that can be completions.

use rex_analysis::is_stop_word;

use super::normalize::Text;
use crate::text::token_cache::WordOfText;

/// Most words of a phrase.
pub(super) const MAX_WORDS: usize = 4;
/// Least letters of a phrase of one word.
const MIN_LETTERS: usize = 3;

/// Visits the phrases of a text, each with its key and its spelling.
///
/// A phrase is one to [`MAX_WORDS`] words without punctuation between them. It neither begins nor ends with a stop word, a single letter or
/// a number.
pub(super) fn each_phrase(text: &Text, mut visit: impl FnMut(&str, &str)) {
    let tokens: Vec<WordOfText<'_>> = text.words().collect();
    let text = text.text.as_str();
    let can_bound: Vec<bool> = tokens.iter().map(can_bound).collect();
    let mut key = String::new();
    for first in (0..tokens.len()).filter(|first| can_bound[*first]) {
        key.clear();
        for last in first..tokens.len().min(first + MAX_WORDS) {
            if last > first {
                if !are_joined(text, &tokens[last - 1], &tokens[last]) {
                    break;
                }
                key.push(' ');
            }
            key.push_str(tokens[last].exact);
            if can_bound[last] && (last > first || key.chars().count() >= MIN_LETTERS) {
                visit(&key, &text[tokens[first].start..tokens[last].end]);
            }
        }
    }
}

/// Whether a phrase may begin or end with a word.
fn can_bound(token: &WordOfText<'_>) -> bool {
    let is_word = token.exact.chars().count() > 1 && token.exact.chars().any(char::is_alphabetic);
    is_word && !is_stop_word(token.exact)
}

/// Whether only a space, a hyphen or an elided article separates two words.
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
    fn phrases_begin_and_end_with_content_words() {
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
