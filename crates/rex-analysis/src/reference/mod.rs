//! Legal references as one token: `L. 2113-12`, `L2113-12` and `l.2113-12` are `l2113x12`; `n° 2014-856`, the number of a law or
//! a decree, is `n2014x856`; `2014/24/UE`, that of a directive, is `u2014x24`.
//!
//! `2113-12`, without a letter, is `2113x12`; `L. 2113-12` is indexed under that too.
//!
//! The `x` keeps `L. 121-11` apart from `L. 1211-1`, and the prefix keeps a law apart from other numbers. Articles are lettered as
//! in the French codes. Texts are numbered as in the Journal officiel: by the last two digits of the year up to 1999, by all four
//! since.
//!
//! ```text
//! words ─┬─ article ─┬─ article_number ─ tie, measure
//!        ├─ law      │
//!        └─ bare ────┘   then series
//! ```

mod article;
mod article_number;
mod bare;
mod certainty;
mod law;
mod measure;
mod series;
#[cfg(test)]
mod tests;
mod tie;

use std::ops::Range;

use self::article::article;
use self::article_number::{LETTERS, is_article, name_of_article};
use self::certainty::Certainty;
use crate::word::{Word, replace};

/// Joins the parts of legal references.
pub(crate) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !may_hold_any(text) {
        return words;
    }
    let certain =
        |(word, used, certainty): (Word, usize, Certainty)| (certainty == Certainty::Certain).then_some((word, used));
    let mut words = replace(words, |words, at| {
        article(text, words, at)
            .or_else(|| law::number(text, words, at).and_then(certain))
            .or_else(|| bare::article(text, words, at).and_then(certain))
    });
    for at in 1..words.len() {
        if is_article(&words[at])
            && let Some(name) = name_of_article(text, &words[at - 1], &words[at])
        {
            words[at - 1].spellings = vec![name.to_owned()];
        }
    }
    series::read(text, &mut words);
    words
}

/// Tokens that several words make together, each with its range of words: an article with the word before it, `art. L. 2113-12`;
/// two numbers that may be a law or a span of years, `2021-22`; two that may be an article, `541-10`. The words keep their own
/// tokens.
pub(crate) fn wholes(text: &str, words: &[Word]) -> Vec<(Range<usize>, String)> {
    if !may_hold_any(text) {
        return Vec::new();
    }
    let whole = |at: usize| {
        let [word, next] = words.get(at..at + 2)? else {
            return None;
        };
        if is_article(next) && name_of_article(text, word, next).is_some() {
            return Some((2, next.spellings.first().cloned()?));
        }
        let number = law::number(text, words, at).filter(|(_, used, _)| *used == 2);
        match number.or_else(|| bare::article(text, words, at))? {
            (number, used, Certainty::Ambiguous) => Some((used, number.spellings.into_iter().next()?)),
            _ => None,
        }
    };
    (0..words.len())
        .filter_map(|at| whole(at).map(|(used, whole)| (at..at + used, whole)))
        .collect()
}

/// Whether a token is the number of an article without its letter: `2113x12` of `l2113x12`. The index holds both; a query with
/// the letter matches that article only.
pub fn is_number_of_article(number: &str, article: &str) -> bool {
    let number = number.strip_prefix('n').unwrap_or(number);
    number.contains('x')
        && article
            .strip_suffix(number)
            .is_some_and(|letters| LETTERS.contains(&letters))
}

/// Whether a text has a number joined to another, or the word *article*. Most texts have neither and skip this filter.
fn may_hold_any(text: &str) -> bool {
    let is_tied = |at: &[u8]| {
        at[0].is_ascii_digit()
            && match at[1] {
                b'-' | b'/' => true,
                b' ' => at[2].is_ascii_digit() || at[2] == b'-' || !at[2].is_ascii(),
                other => !other.is_ascii(),
            }
    };
    text.as_bytes().windows(3).any(is_tied)
        || (text.contains("rt") || text.contains("RT")) && text.bytes().any(|byte| byte.is_ascii_digit())
}
