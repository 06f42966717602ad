//! What was typed, cut into words, phrases and exclusions. Whatever is typed means something: there is no syntax error.

use rex_analysis::{Token, analyze, is_stop_word};

/// Words searched for; a text pasted into the search field is cut there.
const MAX_WORDS: usize = 32;

/// A query, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ParsedQuery {
    /// Words to find, each once, without those that only link others, unless there is nothing else.
    pub(crate) words: Vec<Token>,
    /// Sequences of words to find as they are.
    pub(crate) phrases: Vec<Vec<Token>>,
    /// Sequences of words that must not be there.
    pub(crate) excluded: Vec<Vec<Token>>,
}

impl ParsedQuery {
    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty() && self.excluded.is_empty()
    }
}

/// Reads a query. `"..."` and `« ... »` are phrases, `-word` and `-"..."` are exclusions; a quote that is not closed is none.
pub(crate) fn parse(query: &str) -> ParsedQuery {
    let mut parsed = ParsedQuery::default();
    let mut words = Vec::new();
    let mut rest = query;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[start..];
        let after_dash = rest
            .strip_prefix('-')
            .filter(|after| after.starts_with(|c: char| !c.is_whitespace() && c != '-'));
        let term = after_dash.unwrap_or(rest);
        let phrase = quoted(term);
        let (text, after) = phrase.unwrap_or_else(|| unquoted(term));
        rest = after;
        let tokens = analyze(text);
        match (after_dash, phrase) {
            _ if tokens.is_empty() => {}
            (Some(_), _) => parsed.excluded.push(tokens),
            (None, Some(_)) => parsed.phrases.push(tokens),
            (None, None) => words.extend(tokens),
        }
    }
    parsed.phrases.truncate(MAX_WORDS);
    parsed.excluded.truncate(MAX_WORDS);
    let asks_more = !parsed.phrases.is_empty() || words.iter().any(|word| !is_stop_word(&word.exact));
    if asks_more {
        words.retain(|word| !is_stop_word(&word.exact));
    }
    for word in words {
        if parsed.words.len() < MAX_WORDS && !parsed.words.iter().any(|other| other.stem == word.stem) {
            parsed.words.push(word);
        }
    }
    parsed
}

/// The inside of the quotation a text starts with, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let mut chars = text.chars();
    let close = match chars.next()? {
        '"' => '"',
        '«' => '»',
        '“' => '”',
        _ => return None,
    };
    let inside = chars.as_str();
    let end = inside.find(close)?;
    Some((&inside[..end], &inside[end + close.len_utf8()..]))
}

/// The text up to the next space or quote, and what follows it.
fn unquoted(text: &str) -> (&str, &str) {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let end = text[first..]
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '«' | '“'))
        .map_or(text.len(), |at| first + at);
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelled(tokens: &[Token]) -> String {
        tokens
            .iter()
            .map(|token| token.exact.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn reads_what_people_type() {
        for (query, words, phrases, excluded) in [
            ("", "", vec![], vec![]),
            ("insertion déchets", "insertion dechets", vec![], vec![]),
            ("l’insertion par les déchets", "insertion dechets", vec![], vec![]),
            ("déchets déchet DÉCHETS", "dechets", vec![], vec![]),
            (
                "\"marché réservé\" tri -papier",
                "tri",
                vec!["marche reserve"],
                vec!["papier"],
            ),
            ("« marché de services »", "", vec!["marche de services"], vec![]),
            (
                "-\"deux mots\" -sous-traitant",
                "",
                vec![],
                vec!["deux mots", "sous traitant"],
            ),
            ("sous-traitant - papier --", "traitant papier", vec![], vec![]),
            ("\"pas fermé", "pas ferme", vec![], vec![]),
            ("de la", "de la", vec![], vec![]),
            ("comment recycler\u{a0}?", "recycler", vec![], vec![]),
            ("\"\" - -\" \" ?! ( ) AND title:x", "and title x", vec![], vec![]),
        ] {
            let parsed = parse(query);
            assert_eq!(spelled(&parsed.words), words, "{query}");
            assert_eq!(
                parsed.phrases.iter().map(|tokens| spelled(tokens)).collect::<Vec<_>>(),
                phrases,
                "{query}"
            );
            assert_eq!(
                parsed.excluded.iter().map(|tokens| spelled(tokens)).collect::<Vec<_>>(),
                excluded,
                "{query}"
            );
        }
    }

    proptest! {
        #[test]
        fn never_fails(query in "\\PC{0,80}|[ab\"«»“”\\- \u{a0}]{0,40}") {
            let parsed = parse(&query);
            prop_assert!(parsed.words.len() <= MAX_WORDS);
        }
    }
}
