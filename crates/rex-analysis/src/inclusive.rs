//! Reads inclusive writing: `salarié·es` is both `salariés` and `salariées`, `agent(e)` both `agent` and `agente`.
//!
//! The marks and endings are those listed by the Haut Conseil à l'égalité, « Pour une communication publique sans
//! stéréotype de sexe » (2022), and those met in documents before it: parentheses, hyphens, slashes, full stops.

use crate::fold::fold;
use crate::tokenize::is_hyphen;
use crate::word::{Word, gap};

/// Feminine endings that are no words by themselves.
const ENDINGS: &[&str] = &[
    "e", "es", "ee", "ees", "rice", "rices", "trice", "trices", "euse", "euses", "ere", "eres", "iere", "ieres", "ve",
    "ves", "ive", "ives", "esse", "esses", "sse", "sses", "enne", "ennes", "onne", "onnes",
];
/// Feminine endings that are words too: read as endings after a mark that does nothing else, or before a plural.
const AMBIGUOUS: &[&str] = &[
    "ne", "nes", "te", "tes", "le", "les", "se", "ses", "elle", "elles", "ale", "ales", "fe", "fes",
];

/// What parts an ending from its word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Nothing but inclusive writing uses it: the middle dot and its look-alikes.
    Dot,
    /// An opening parenthesis.
    Parenthesis,
    /// A full stop, a hyphen or a slash, which part other words as well.
    Common,
}

/// Joins a word and its feminine and plural endings.
pub(crate) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !text.contains(|c| mark_of(c).is_some()) {
        return words;
    }
    let mut joined = Vec::with_capacity(words.len());
    let mut read_until = 0;
    let read: Vec<_> = (0..words.len()).map(|at| read(text, &words[at..])).collect();
    for (at, (word, read)) in words.into_iter().zip(read).enumerate() {
        if at < read_until {
            continue;
        }
        let (word, used) = read.unwrap_or((word, 1));
        read_until = at + used;
        joined.push(word);
    }
    joined
}

/// The word that inclusive writing makes of the first words, and how many of them it is.
fn read(text: &str, words: &[Word]) -> Option<(Word, usize)> {
    let [base, ending, after @ ..] = words else {
        return None;
    };
    let written = base.plain(text)?;
    let mark = mark(text, base, ending)?;
    let folded = fold(ending.plain(text)?);
    if written.chars().count() < 2 || !written.chars().all(char::is_alphabetic) {
        return None;
    }
    let closes = |word: &Word| text[word.range.end..].starts_with(')');
    if mark == Mark::Parenthesis && !closes(ending) {
        return None;
    }
    let plural = after
        .first()
        .filter(|plural| is_plural_mark(text, mark, ending, plural));
    let is_plural_only = matches!(folded.as_str(), "s" | "x");
    let is_ending = ENDINGS.contains(&folded.as_str())
        || AMBIGUOUS.contains(&folded.as_str()) && (mark != Mark::Common || plural.is_some())
        || is_plural_only && mark == Mark::Parenthesis;
    if !is_ending {
        return None;
    }
    let last = plural.unwrap_or(ending);
    let spellings = if is_plural_only {
        vec![written.to_owned(), format!("{written}{folded}")]
    } else {
        spellings(
            written,
            &folded,
            plural.is_some() || folded.ends_with('s') && folded != "ss",
        )
    };
    let range = base.range.start..last.range.end;
    Some((Word::spelled(range, spellings), if plural.is_some() { 3 } else { 2 }))
}

fn mark(text: &str, base: &Word, ending: &Word) -> Option<Mark> {
    let mut between = gap(text, base, ending).chars();
    let mark = mark_of(between.next()?)?;
    between.next().is_none().then_some(mark)
}

fn mark_of(c: char) -> Option<Mark> {
    match c {
        '·' | '•' | '‧' | '⋅' | '∙' => Some(Mark::Dot),
        '(' => Some(Mark::Parenthesis),
        '.' | '/' => Some(Mark::Common),
        c if is_hyphen(c) => Some(Mark::Common),
        _ => None,
    }
}

/// Whether a word is the `s` that ends `acheteur·rice·s`, `agent(e)s` or `usager-ère-s`.
fn is_plural_mark(text: &str, mark_before: Mark, ending: &Word, plural: &Word) -> bool {
    let is_s = plural.plain(text).is_some_and(|s| matches!(s, "s" | "S" | "x"));
    let between = gap(text, ending, plural);
    is_s && match mark_before {
        Mark::Parenthesis => matches!(between, ")" | ")("),
        Mark::Dot | Mark::Common => mark(text, ending, plural) == Some(mark_before),
    }
}

/// Both genders of a word, in the number it is written in.
fn spellings(masculine: &str, ending: &str, is_plural: bool) -> Vec<String> {
    let ending = if is_plural {
        ending.trim_end_matches('s')
    } else {
        ending
    };
    let lower = masculine.to_lowercase();
    let feminine = feminine(&lower, ending);
    match is_plural {
        false => vec![lower, feminine],
        true => vec![plural(&lower), plural(&feminine)],
    }
}

/// The feminine of a word by its ending: the part of the word that the ending replaces goes.
fn feminine(word: &str, ending: &str) -> String {
    let replaced: &[&str] = match ending {
        "rice" | "trice" => &["teur", "eur"],
        "euse" => &["eur", "eux"],
        "ere" => &["er"],
        "iere" => &["ier"],
        "ive" => &["if"],
        "ve" => &["f"],
        "se" => &["x"],
        "esse" => &["e"],
        "enne" => &["en"],
        "elle" => &["el"],
        "onne" => &["on"],
        "ale" => &["al"],
        "fe" => &["f"],
        "ee" => &["é", "e"],
        _ => &[],
    };
    let stem = replaced.iter().find_map(|replaced| word.strip_suffix(replaced));
    match (ending, stem) {
        ("rice", Some(stem)) if word.ends_with("teur") => format!("{stem}trice"),
        (_, Some(stem)) => format!("{stem}{ending}"),
        (_, None) => format!("{word}{ending}"),
    }
}

fn plural(word: &str) -> String {
    if word.ends_with(['s', 'x', 'z']) {
        word.to_owned()
    } else if let Some(radical) = word.strip_suffix("al") {
        format!("{radical}aux")
    } else if word.ends_with("eau") {
        format!("{word}x")
    } else {
        format!("{word}s")
    }
}
