//! An article number without its letter: `2113-12` becomes `2113x12`, under which `L. 2113-12` is indexed too.

use super::article_number::{name_of_article, number};
use super::certainty::Certainty;
use super::law::LAW_YEARS;
use super::measure::is_measure;
use super::tie::Tie;
use crate::fold::fold;
use crate::tokenize::is_hyphen;
use crate::word::Word;

/// Standards bodies number parts in the same way: `NF EN 1090-2`.
const STANDARDS: &[&str] = &["nf", "en", "iso", "cei", "iec", "din", "eurocode"];

/// The article that begins at `words[at]`, the number of words it takes, and how certain the reading is. Four digits and a hyphen
/// are an article, three may be one, and any number is one after the word *article*. `2014-856` is a law.
pub(super) fn article(text: &str, words: &[Word], at: usize) -> Option<(Word, usize, Certainty)> {
    let first = words.get(at)?;
    let digits = first.plain(text)?;
    let is_number = matches!(digits.len(), 1..=4) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || digits.starts_with('0') || digits.parse().is_ok_and(|year| LAW_YEARS.contains(&year)) {
        return None;
    }
    let is_named = at > 0 && name_of_article(text, &words[at - 1], first).is_some();
    let tie = if is_named && digits.len() >= 3 {
        Tie::SpacedHyphen
    } else {
        Tie::Hyphen
    };
    let (number, last) = number(text, words, at, tie)?;
    let end = words[last].range.end;
    let is_part_of_more =
        text[..first.range.start].ends_with(|c: char| is_hyphen(c) || matches!(c, '/' | '.' | ',' | '_'));
    let is_standard = at > 0 && STANDARDS.contains(&fold(&text[words[at - 1].range.clone()]).as_str());
    let is_other = !is_named && (is_part_of_more || is_standard || is_measure(text, words, last));
    if last == at || is_other || goes_on(&text[end..]) {
        return None;
    }
    let second = number.split('x').nth(1).unwrap_or_default();
    let is_range = second.len() > digits.len() || second.len() == digits.len() && second >= digits;
    let certainty = match digits.len() {
        4 => Certainty::Certain,
        _ if is_named => Certainty::Certain,
        3 if !is_range => Certainty::Ambiguous,
        _ => return None,
    };
    let word = Word::spelled(first.range.start..end, vec![number]);
    Some((word, last + 1 - at, certainty))
}

/// Whether the text after a number continues it, other than as another article or an item: `2113-12-A`, `2113-12,5`.
fn goes_on(after: &str) -> bool {
    let mut after = after.chars();
    match (after.next(), after.next()) {
        (Some(sign), Some(next)) if is_hyphen(sign) => next.is_alphabetic(),
        (Some('.' | ','), Some(next)) => next.is_ascii_digit(),
        _ => false,
    }
}

/// The token of an article number without its letter; that of a law if it could be one.
pub(super) fn spelled(number: String) -> String {
    let mut parts = number.split('x');
    let year = parts.next().and_then(|first| first.parse().ok());
    let is_like_law = year.is_some_and(|year: u32| LAW_YEARS.contains(&year)) && parts.count() == 1;
    if is_like_law { format!("n{number}") } else { number }
}
