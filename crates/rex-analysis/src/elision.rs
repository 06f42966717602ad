//! Takes the elided article or pronoun off a word: `l'insertion` is `insertion`.
//!
//! French elides before a vowel or a mute h (Grevisse, Le Bon Usage, § 45). Before a consonant the apostrophe is part of
//! the word, as in the Mahorais `M'Tsamboro`, unless capitals are read letter by letter: `l'SCIC`, `d'HLM`.

use std::ops::Range;

use crate::fold::fold;
use crate::tokenize::is_apostrophe;

/// Elided before any vowel: pronouns and the negation.
const BEFORE_VERBS: &[&str] = &["c", "j", "m", "n", "s", "t"];
/// Elided before nouns too, acronyms among them.
const BEFORE_NOUNS: &[&str] = &["d", "jusqu", "l", "lorsqu", "puisqu", "qu", "quoiqu"];

/// The part of a word that follows its elided article; the word itself where there is none.
pub(crate) fn strip(text: &str, word: Range<usize>) -> Range<usize> {
    let spelled = &text[word.clone()];
    let Some((at, mark)) = spelled.char_indices().find(|(_, c)| is_apostrophe(*c)) else {
        return word;
    };
    let article = fold(&spelled[..at]);
    let rest = &spelled[at + mark.len_utf8()..];
    let before_verb = BEFORE_VERBS.contains(&article.as_str());
    let before_noun = BEFORE_NOUNS.contains(&article.as_str());
    if (before_verb || before_noun) && starts_with_vowel(rest) || before_noun && is_acronym(rest) {
        word.end - rest.len()..word.end
    } else {
        word
    }
}

fn starts_with_vowel(rest: &str) -> bool {
    fold(rest).starts_with(['a', 'e', 'h', 'i', 'o', 'u', 'y'])
}

fn is_acronym(rest: &str) -> bool {
    rest.chars().count() > 1 && rest.chars().all(char::is_uppercase)
}
