//! Finds compounds: `sous-traitant`, `éco-matériaux`, `500kg`, a word hyphenated at a line end. The parts and the whole,
//! `soustraitant`, are all tokens.

use std::ops::Range;

use crate::fold::fold;
use crate::tokenize::{is_hyphen, is_space};
use crate::word::{Word, gap};

/// Maximum parts of a compound. With more it is a list.
const MAX_PARTS: usize = 6;
/// Pronouns joined to a verb by a hyphen, which is no compound: `peut-il`, `est-ce`.
const CLITICS: &[&str] = &[
    "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ce", "la", "les", "lui", "leur", "moi", "toi",
    "y", "en", "t", "ci",
];
/// Units written without a space: `500kg`.
const UNITS: &[&str] = &[
    "kg", "g", "t", "km", "m", "cm", "mm", "m2", "m3", "l", "h", "mn", "min", "ha", "kw", "kwh", "kwc", "mw", "mwh",
    "mwc", "k", "ke", "go", "mo", "to", "ans", "an", "mois", "jours", "j",
];

/// The compounds in a list of words: the range of words, and the folded whole.
pub(crate) fn find(text: &str, words: &[Word], fold: impl Fn(&str) -> String) -> Vec<(Range<usize>, String)> {
    let mut compounds = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let mut next = first + 1;
        while next < words.len() && is_joined(text, &words[next - 1], &words[next]) {
            next += 1;
        }
        if let Some(whole) = whole(text, &words[first..next], &fold) {
            compounds.push((first..next, whole));
        }
        first = next;
    }
    compounds
}

/// Splits a number from a unit written without a space.
pub(crate) fn split_units(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return words;
    }
    let mut parted = Vec::with_capacity(words.len());
    for word in words {
        match word.plain(text).and_then(unit_start) {
            Some(at) => {
                let at = word.range.start + at;
                parted.extend([Word::written(word.range.start..at), Word::written(at..word.range.end)]);
            }
            None => parted.push(word),
        }
    }
    parted
}

/// Whether a folded word is a unit of measure or money.
pub(crate) fn is_unit(folded: &str) -> bool {
    UNITS.contains(&folded) || matches!(folded, "eur" | "euro" | "euros")
}

/// Offset of the unit after a number.
fn unit_start(written: &str) -> Option<usize> {
    let at = written.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
    UNITS.contains(&fold(&written[at..]).as_str()).then_some(at)
}

fn is_joined(text: &str, before: &Word, after: &Word) -> bool {
    let between = gap(text, before, after);
    if between.is_empty() {
        return before.range.end == after.range.start;
    }
    let mut chars = between.chars();
    if !chars.next().is_some_and(is_hyphen) {
        return false;
    }
    let rest = chars.as_str();
    // Hyphenated at a line end: the second part is on the next line, in lower case.
    let is_cut = rest.starts_with(['\n', '\r'])
        && rest.chars().all(|c| is_space(c) || matches!(c, '\n' | '\r'))
        && rest.matches('\n').count() <= 1
        && text[after.range.clone()].starts_with(char::is_lowercase);
    rest.is_empty() || is_cut
}

fn whole(text: &str, parts: &[Word], fold: &impl Fn(&str) -> String) -> Option<String> {
    let (Some(last), 2..=MAX_PARTS) = (parts.last(), parts.len()) else {
        return None;
    };
    if CLITICS.contains(&fold(&text[last.range.clone()]).as_str()) {
        return None;
    }
    let spelled = |part: &Word| fold(part.spellings.first().map_or(&text[part.range.clone()], String::as_str));
    let whole: String = parts.iter().map(spelled).collect();
    whole.contains(|c: char| !c.is_ascii_digit()).then_some(whole)
}
