//! Takes the elided article or pronoun off a word, `l'insertion` is `insertion`, and keeps together the words that have an
//! apostrophe of their own: `aujourd'hui`, `prud'hommes`, `M'Tsamboro`.
//!
//! French elides before a vowel or a mute h (Grevisse, Le Bon Usage, § 45). Before a consonant the apostrophe is part of
//! the word, as in the Mahorais `M'Tsamboro`, unless capitals are read letter by letter: `l'SCIC`, `d'HLM`.

use crate::fold::fold;
use crate::tokenize::{is_apostrophe, is_space};
use crate::word::{Word, gap};

/// Elided before any vowel: pronouns and the negation.
const BEFORE_VERBS: &[&str] = &["c", "j", "m", "n", "s", "t"];
/// Elided before nouns too, acronyms among them.
const BEFORE_NOUNS: &[&str] = &["d", "jusqu", "l", "lorsqu", "puisqu", "qu", "quoiqu"];
/// The shortest name that can do without the letter before its apostrophe: `Tsamboro` is `M'Tsamboro`.
const MIN_NAME: usize = 4;

/// Takes off elided articles and joins the words that an apostrophe is part of.
pub(crate) fn strip(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !text.contains(is_apostrophe) {
        return words;
    }
    let mut stripped: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        match stripped.last().map(|last| apostrophe(text, last, &word)) {
            Some(Apostrophe::Elides) => {
                stripped.pop();
                stripped.push(word);
            }
            Some(Apostrophe::Joins) => {
                let last = stripped.pop().map_or(word.range.start, |last| last.range.start);
                stripped.push(whole(text, last..word.range.end, &word));
            }
            Some(Apostrophe::None) | None => stripped.push(word),
        }
    }
    stripped
}

enum Apostrophe {
    None,
    Elides,
    Joins,
}

fn apostrophe(text: &str, before: &Word, after: &Word) -> Apostrophe {
    let mut between = gap(text, before, after).chars();
    if !between.next().is_some_and(is_apostrophe) {
        return Apostrophe::None;
    }
    let is_tight = match between.next() {
        None => true,
        // `l' insertion`, as texts taken out of PDF files have it.
        Some(space) if is_space(space) && between.next().is_none() => false,
        Some(_) => return Apostrophe::None,
    };
    let (article, rest) = (fold(&text[before.range.clone()]), &text[after.range.clone()]);
    let before_verb = BEFORE_VERBS.contains(&article.as_str());
    let before_noun = BEFORE_NOUNS.contains(&article.as_str());
    if (before_verb || before_noun) && starts_with_vowel(rest) || before_noun && is_acronym(rest) {
        Apostrophe::Elides
    } else if is_tight && before.plain(text).is_some() == after.plain(text).is_some() {
        Apostrophe::Joins
    } else {
        Apostrophe::None
    }
}

/// A word with its apostrophe; a name behind a single letter is found by itself too.
fn whole(text: &str, range: std::ops::Range<usize>, last: &Word) -> Word {
    let written = &text[range.clone()];
    let rest = &text[last.range.clone()];
    let is_name = rest.chars().next().is_some_and(char::is_uppercase)
        && rest.chars().count() >= MIN_NAME
        && written.chars().take_while(|c| !is_apostrophe(*c)).count() == 1;
    if is_name {
        Word::spelled(range.clone(), vec![written.to_owned(), rest.to_owned()])
    } else {
        Word::written(range)
    }
}

fn starts_with_vowel(rest: &str) -> bool {
    rest.chars()
        .next()
        .is_some_and(|first| fold(first.encode_utf8(&mut [0; 4])).starts_with(['a', 'e', 'h', 'i', 'o', 'u', 'y']))
}

fn is_acronym(rest: &str) -> bool {
    let mut letters = rest.chars().filter(|c| c.is_alphabetic());
    rest.chars().count() > 1 && letters.all(char::is_uppercase)
}
