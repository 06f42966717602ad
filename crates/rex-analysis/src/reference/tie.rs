//! Separators between the numbers of a reference.

use crate::tokenize::{is_hyphen, is_space};
use crate::word::{Word, gap};

/// Maximum bytes between the parts of a reference: a full stop, a narrow space and one more.
pub(super) const MAX_GAP: usize = 5;

/// Separators allowed between two parts of an article number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// `2113-12`
    Hyphen,
    /// Also `2113 - 12`.
    SpacedHyphen,
    /// Also `2113 12`.
    Space,
}

/// Whether the text between two numbers joins them, under the rule of `tie`.
pub(super) fn is_tie(gap: &str, tie: Tie) -> bool {
    let inside = if tie == Tie::Hyphen {
        gap
    } else {
        gap.trim_matches(is_space)
    };
    let mut signs = inside.chars();
    match signs.next() {
        None => tie == Tie::Space && gap == " ",
        Some(sign) => is_hyphen(sign) && signs.next().is_none() && gap.len() <= MAX_GAP,
    }
}

/// The digits of the word after `words[at]`, if a single accepted sign separates the two.
pub(super) fn tied_number<'a>(
    text: &'a str,
    words: &[Word],
    at: usize,
    is_tie: impl Fn(char) -> bool,
) -> Option<&'a str> {
    number_after(text, words, at, |gap| {
        let mut signs = gap.chars();
        signs.next().is_some_and(&is_tie) && signs.next().is_none()
    })
}

/// The digits of the word after `words[at]`, if the text between the two is a tie.
pub(super) fn number_after<'a>(
    text: &'a str,
    words: &[Word],
    at: usize,
    is_tie: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    let next = words.get(at + 1)?;
    let digits = next.plain(text)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && is_tie(gap(text, &words[at], next))).then_some(digits)
}
