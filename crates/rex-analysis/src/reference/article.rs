//! An article with its letter: `L. 2113-12`.

use super::article_number::{LETTERS, name_of_article, number};
use super::bare;
use super::tie::{MAX_GAP, Tie};
use crate::tokenize::is_hyphen;
use crate::word::{Word, gap};

/// The letter of an article and the first part of its number.
struct Head<'a> {
    letters: String,
    digits: &'a str,
    /// The text between them; empty in `L2113`.
    between: &'a str,
    /// Index of the word that holds the number.
    last: usize,
}

impl Head<'_> {
    fn is_marked(&self) -> bool {
        self.between.contains(['.', '*'])
    }

    fn is_road_or_model(&self) -> bool {
        matches!(self.letters.as_str(), "d" | "a")
    }
}

/// The article that begins at `words[at]`, and the number of words it takes. It can also be searched by its number alone.
pub(super) fn article(text: &str, words: &[Word], at: usize) -> Option<(Word, usize)> {
    let head = head(text, words, at)?;
    let first = Word::written(words[at].range.start..words[head.last].range.end);
    let is_named = at > 0 && name_of_article(text, &words[at - 1], &first).is_some();
    let is_lettered = is_lettered(&text[..first.range.start], &head);
    let is_sure = is_named || is_lettered;
    let tie = match head.digits.len() {
        4 if is_named || is_sure && matches!(head.letters.as_str(), "l" | "lo" | "r") => Tie::Space,
        3.. if is_named || is_sure && (head.is_marked() || !head.is_road_or_model()) => Tie::SpacedHyphen,
        _ => Tie::Hyphen,
    };
    let (number, last) = number(text, words, head.last, tie)?;
    let word = first.range.start..words[last].range.end;
    let mut spellings = vec![format!("{}{number}", head.letters)];
    if last > head.last {
        spellings.push(bare::spelled(number));
    } else if !is_named {
        return None;
    }
    is_sure.then(|| (Word::spelled(word, spellings), last + 1 - at))
}

fn head<'a>(text: &'a str, words: &[Word], at: usize) -> Option<Head<'a>> {
    let written = words.get(at)?.plain(text)?;
    let first = written.as_bytes().first()?.to_ascii_lowercase();
    if !LETTERS.iter().any(|letters| letters.as_bytes()[0] == first) || !written.is_ascii() {
        return None;
    }
    let digits_at = written.find(|c: char| c.is_ascii_digit()).unwrap_or(written.len());
    let (letters, digits) = written.split_at(digits_at);
    let mut head = Head {
        letters: letters.to_ascii_lowercase(),
        digits,
        between: "",
        last: at,
    };
    if digits.is_empty() {
        let is_o = |next: &Word| matches!(next.plain(text), Some("O" | "o"));
        if head.letters == "l" && words.get(at + 1).is_some_and(is_o) && gap(text, &words[at], &words[at + 1]) == "." {
            head.letters.push('o');
            head.last += 1;
        }
        let number = words.get(head.last + 1)?;
        head.between = gap(text, &words[head.last], number);
        head.digits = number.plain(text)?;
        head.last += 1;
    }
    let is_number = matches!(head.digits.len(), 1..=4)
        && head.digits.bytes().all(|byte| byte.is_ascii_digit())
        && !head.digits.starts_with('0');
    (is_number && LETTERS.contains(&head.letters.as_str()) && joins_letter(head.between)).then_some(head)
}

/// Whether the text between a letter and a number keeps them together: a star, a full stop, a space, or one hyphen.
fn joins_letter(between: &str) -> bool {
    let mut is_hyphenated = between.chars();
    if is_hyphenated.next().is_some_and(is_hyphen) && is_hyphenated.next().is_none() {
        return true;
    }
    let stops = between.matches('.').count();
    let lines = between.matches('\n').count();
    between.len() <= MAX_GAP
        && stops <= 1
        && lines <= stops
        && between.chars().all(|c| matches!(c, '.' | '*') || c.is_whitespace())
}

/// Whether the letter before a hyphenated number is that of an article without the word *article*: not the last letter of
/// `S.A.R.L. 10-12`, nor the `a` of `de 90 a 100-120`.
fn is_lettered(before: &str, head: &Head<'_>) -> bool {
    let mut before = before.chars().rev();
    let is_part_of_more = match before.next() {
        Some('.' | '_') => true,
        Some(c) if is_hyphen(c) => before.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    let is_marked = head.is_marked();
    let is_sure = match head.digits.len() {
        1 => false,
        2 => is_marked && head.letters != "a" || head.between.is_empty() && !head.is_road_or_model(),
        _ => is_marked || head.between.is_empty() || head.letters != "a",
    };
    is_sure && !is_part_of_more
}
