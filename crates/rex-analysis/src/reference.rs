//! Reads a legal reference as one word: `L. 2113-12`, `L2113-12` and `l.2113-12` are `l2113x12`; `n° 2014-856`, the number of
//! a law or a decree, is `n2014x856`; `2014/24/UE`, that of a directive, `u2014x24`.
//!
//! `2113-12`, without a letter, is `2113x12`, which `L. 2113-12` is found by too.
//!
//! The `x` keeps `L. 121-11` apart from `L. 1211-1`, and the letter before keeps a law apart from any number. Articles are
//! lettered as in the French codes, texts numbered as in the Journal officiel: by the two last digits of the year up to
//! 1999, by all four since.

mod bare;
mod series;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::fold::fold;
use crate::law::{self, Sureness};
use crate::tokenize::{is_hyphen, is_space};
use crate::word::{Word, gap, replace};

/// Articles of laws, organic laws, decrees of the Conseil d'État, decrees, and orders of ministers.
const LETTERS: &[&str] = &["l", "lo", "r", "d", "a"];
/// What an article is called, and the same in full.
const NAMES: &[(&str, &str)] = &[
    ("article", "article"),
    ("articles", "articles"),
    ("art", "article"),
    ("arts", "articles"),
];
/// Most hyphens in the number of an article; `D. 5132-10-1` has two.
const MAX_PARTS: usize = 4;
/// Joins the parts of legal references.
pub(crate) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !may_hold_any(text) {
        return words;
    }
    let sure = |(word, used, sureness): (Word, usize, Sureness)| (sureness == Sureness::Sure).then_some((word, used));
    let mut words = replace(words, |words, at| {
        article(text, words, at)
            .or_else(|| law::number(text, words, at).and_then(sure))
            .or_else(|| bare::article(text, words, at).and_then(sure))
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

/// What several words spell together: the name of an article and the article, `art. L. 2113-12`, which is found without its name
/// too; two numbers that may be a law or a span of years, `2021-22`; and those that may be an article, `541-10`.
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
            (number, used, Sureness::Unsure) => Some((used, number.spellings.into_iter().next()?)),
            _ => None,
        }
    };
    (0..words.len())
        .filter_map(|at| whole(at).map(|(used, whole)| (at..at + used, whole)))
        .collect()
}

/// Whether a form is the number alone of an article that has a letter: `2113x12` of `l2113x12`. Texts are found by both; who
/// types the letter asks for that article alone.
pub fn is_number_of_article(number: &str, article: &str) -> bool {
    let number = number.strip_prefix('n').unwrap_or(number);
    number.contains('x')
        && article
            .strip_suffix(number)
            .is_some_and(|letters| LETTERS.contains(&letters))
}

/// Whether a number is tied to what follows, or an article is named: nearly all texts hold neither.
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

/// Whether a word is an article that was read.
fn is_article(word: &Word) -> bool {
    word.spellings.first().is_some_and(|spelling| {
        let letters = spelling.trim_end_matches(|c: char| c.is_ascii_digit() || c == 'x');
        let is_number_alone = letters.is_empty() && spelling.contains('x');
        is_number_alone || LETTERS.contains(&letters) && letters.len() < spelling.len()
    })
}

/// What an article is called in full, where the word before it says so.
fn name_of_article(text: &str, before: &Word, article: &Word) -> Option<&'static str> {
    let between = gap(text, before, article);
    if between.len() > MAX_GAP || !between.chars().all(|c| c == '.' || c.is_whitespace()) {
        return None;
    }
    let folded = fold(&text[before.range.clone()]);
    NAMES.iter().find(|(name, _)| *name == folded).map(|(_, name)| *name)
}

/// Most bytes between the parts of a reference: a full stop and a narrow space, and one more.
pub(crate) const MAX_GAP: usize = 5;

/// The letter of an article and the first part of its number.
struct Head<'a> {
    letters: String,
    digits: &'a str,
    /// What stands between them; nothing in `L2113`.
    between: &'a str,
    /// The rank of the word that the number is in.
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

/// The article that begins at a rank, and how many words it is. It is found by its number alone too.
fn article(text: &str, words: &[Word], at: usize) -> Option<(Word, usize)> {
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

/// What may stand between two parts of the number of an article.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    /// `2113-12`
    Hyphen,
    /// `2113 - 12` too.
    SpacedHyphen,
    /// `2113 12` too.
    Space,
}

/// The number of an article whose first part is the word at a rank, its parts joined by `x`, and the rank of the last; none where
/// more parts follow than an article has. A part with a degree sign is an item within it: `R. 2123-1-1°`.
fn number(text: &str, words: &[Word], first: usize, tie: Tie) -> Option<(String, usize)> {
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
        if follows_space && (last > first || part.len() > 2 || follows_amount(text, words, last + 1)) {
            break;
        }
        spelled.push('x');
        spelled.push_str(part);
        last += 1;
    }
    let goes_on = tied_number(text, words, last, is_hyphen).is_some() && !is_item(last + 1);
    (!goes_on).then_some((spelled, last))
}

/// Whether the number at a rank goes on after a space, or is measured.
fn follows_amount(text: &str, words: &[Word], at: usize) -> bool {
    number_after(text, words, at, |gap| gap.chars().all(is_space)).is_some() || law::is_measure(text, words, at)
}

fn is_tie(gap: &str, tie: Tie) -> bool {
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

/// Whether what stands between a letter and a number leaves them together: a star, a full stop, a space; or a hyphen.
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

/// Whether the letter of a number with a hyphen is that of an article, though nothing says so before it: not the last letter of
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

/// The digits of the word after a rank, where only one sign stands between the two.
pub(crate) fn tied_number<'a>(
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

/// The digits of the word after a rank, where what stands between the two ties them.
fn number_after<'a>(text: &'a str, words: &[Word], at: usize, is_tie: impl Fn(&str) -> bool) -> Option<&'a str> {
    let next = words.get(at + 1)?;
    let digits = next.plain(text)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && is_tie(gap(text, &words[at], next))).then_some(digits)
}
