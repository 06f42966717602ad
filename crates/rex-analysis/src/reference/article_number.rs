//! The number of an article, `2113-12`, and the words that announce one.

use super::measure::is_measure;
use super::tie::{MAX_GAP, Tie, is_tie, number_after, tied_number};
use crate::fold::fold;
use crate::tokenize::{is_hyphen, is_space};
use crate::word::{Word, gap};

/// Letters of articles of laws, organic laws, decrees of the Conseil d'État, decrees and ministerial orders.
pub(super) const LETTERS: &[&str] = &["l", "lo", "r", "d", "a"];
/// Words for *article*, each with its full spelling.
const NAMES: &[(&str, &str)] = &[
    ("article", "article"),
    ("articles", "articles"),
    ("art", "article"),
    ("arts", "articles"),
];
/// Maximum hyphens in an article number; `D. 5132-10-1` has two.
const MAX_PARTS: usize = 4;

/// Whether a word was already recognised as an article.
pub(super) fn is_article(word: &Word) -> bool {
    word.spellings.first().is_some_and(|spelling| {
        let letters = spelling.trim_end_matches(|c: char| c.is_ascii_digit() || c == 'x');
        let is_number_alone = letters.is_empty() && spelling.contains('x');
        is_number_alone || LETTERS.contains(&letters) && letters.len() < spelling.len()
    })
}

/// The full spelling of the word before an article, if that word means *article*.
pub(super) fn name_of_article(text: &str, before: &Word, article: &Word) -> Option<&'static str> {
    let between = gap(text, before, article);
    if between.len() > MAX_GAP || !between.chars().all(|c| c == '.' || c.is_whitespace()) {
        return None;
    }
    let folded = fold(&text[before.range.clone()]);
    NAMES.iter().find(|(name, _)| *name == folded).map(|(_, name)| *name)
}

/// The article number whose first part is `words[first]`, its parts joined by `x`, and the index of its last word. `None` if more
/// parts follow than an article has. A part with a degree sign is an item within the article: `R. 2123-1-1°`.
pub(super) fn number(text: &str, words: &[Word], first: usize, tie: Tie) -> Option<(String, usize)> {
    let digits = text[words[first].range.clone()].trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let mut spelled = digits.to_owned();
    let mut last = first;
    let is_item = |at: usize| {
        words
            .get(at)
            .is_some_and(|word| text[word.range.end..].starts_with(['°', 'º']))
    };
    let spaced_at = |at: usize| words.get(at + 1).is_some_and(|next| gap(text, &words[at], next) == " ");
    while last - first < MAX_PARTS && !(last > first && is_item(last + 1)) {
        let is_parted = |gap: &str| is_tie(gap, tie);
        let Some(part) = number_after(text, words, last, is_parted).filter(|part| part.len() <= 3) else {
            break;
        };
        // Only the second part may follow a space, `R 2123 1`, and no amount: `L 2113 500`, `L 2113 12 000`.
        let follows_space = spaced_at(last);
        if follows_space && (last > first || part.len() > 2 || is_amount(text, words, last + 1)) {
            break;
        }
        spelled.push('x');
        spelled.push_str(part);
        last += 1;
    }
    let goes_on = tied_number(text, words, last, is_hyphen).is_some() && !is_item(last + 1);
    (!goes_on).then_some((spelled, last))
}

/// Whether the number `words[at]` continues after a space or has a unit: it is an amount.
fn is_amount(text: &str, words: &[Word], at: usize) -> bool {
    number_after(text, words, at, |gap| gap.chars().all(is_space)).is_some() || is_measure(text, words, at)
}
