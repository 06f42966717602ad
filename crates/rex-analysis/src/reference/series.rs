//! Articles of the same chapter, listed by their last part: `L. 2113-15/16`, `L. 2113-15 et 16`, `L. 2113-12 à 14`.

use super::article_number::is_article;
use super::bare;
use super::tie::tied_number;
use crate::fold::fold;
use crate::stop;
use crate::tokenize::{is_hyphen, is_space};
use crate::word::{Word, gap};

/// Words that link two articles.
const LINKS: &[&str] = &["et", "ou", "a"];
/// Maximum digits of the last part of a number.
const MAX_DIGITS: usize = 3;

/// Adds the article spellings to the numbers that follow an article. They remain searchable as numbers.
pub(super) fn read(text: &str, words: &mut [Word]) {
    let mut chapter: Option<String> = None;
    for at in 0..words.len() {
        if is_article(&words[at]) {
            let article = words[at].spellings.first();
            chapter = article.and_then(|article| Some(article.rsplit_once('x')?.0.to_owned()));
            continue;
        }
        let Some(begun) = &chapter else { continue };
        if LINKS.contains(&fold(&text[words[at].range.clone()]).as_str()) {
            continue;
        }
        match number(text, words, at) {
            Some(last) => {
                let mut spellings = vec![last.to_owned(), format!("{begun}x{last}")];
                let alone = begun.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                spellings.push(bare::spelled(format!("{alone}x{last}")));
                words[at].spellings = spellings;
            }
            None => chapter = None,
        }
    }
}

/// The number `words[at]`, if it continues the series and is not a count of things.
fn number<'a>(text: &'a str, words: &[Word], at: usize) -> Option<&'a str> {
    let digits = words[at].plain(text)?;
    let is_number = digits.len() <= MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    let before = gap(text, &words[at - 1], &words[at]);
    let is_tied = matches!(before, "/" | ", ") || !is_article(&words[at - 1]) && before.chars().all(is_space);
    let counts = words.get(at + 1).is_some_and(|next| {
        let between = gap(text, &words[at], next);
        between.chars().all(is_space) && !stop::is_stop_word(&fold(&text[next.range.clone()]))
    });
    let goes_on = tied_number(text, words, at, is_hyphen).is_some();
    (is_number && !digits.starts_with('0') && is_tied && !counts && !goes_on).then_some(digits)
}
