//! The rules on typing errors, for queries, completions and values of facets.
//!
//! - One error is one letter wrong, missing or too many, or two adjacent letters swapped.
//! - A word of 4 letters may have one error, one of 8 letters two (Damerau, « A technique for computer detection and correction of
//!   spelling errors », CACM 7(3), 1964: four misspellings in five are one such error).
//! - The first letter is taken to be right: few people mistype it, and it spares most of the dictionary. In a query, where the index
//!   knows nothing better, a word with another first letter will do.
//! - A word with a digit is neither corrected nor a correction: another number is another meaning.
//! - Names of values are compared by a ratio instead, as they are of any length: two errors in eight letters.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use strsim::{normalized_damerau_levenshtein, osa_distance};

/// Letters of the shortest word that may have one error, and of the shortest that may have two.
const ONE_ERROR_FROM: usize = 4;
const TWO_ERRORS_FROM: usize = 8;
/// Letters of the longest word that an automaton is built for: its size grows with them.
const MAX_LETTERS: usize = 24;
/// Most errors in any word.
pub(crate) const MAX_ERRORS: u8 = 2;
/// Letters of the shortest word that a neighbour is offered for: a shorter one has too many neighbours.
pub(crate) const MIN_OFFER_LETTERS: usize = 5;

/// Bytes of the shortest and of the longest name of a value that is compared.
const NAME_BYTES: std::ops::RangeInclusive<usize> = 4..=100;
/// Bytes of the shortest word of a name that is compared by itself.
const MIN_NAME_WORD: usize = 5;
/// Similarity, from 0 to 1, of the names taken for each other.
const MIN_LIKENESS: f64 = 0.75;

/// One automaton builder for one error and one for two.
static AUTOMATA: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|errors| LevenshteinAutomatonBuilder::new(errors, true)));

/// How many errors a word of this many letters may have.
pub(crate) fn max_errors(letters: usize) -> u8 {
    match letters {
        ..ONE_ERROR_FROM => 0,
        ONE_ERROR_FROM..TWO_ERRORS_FROM => 1,
        TWO_ERRORS_FROM.. => MAX_ERRORS,
    }
}

/// Accepts the words near this one; `None` where it may have no error.
pub(crate) fn words_near(word: &str) -> Option<DFA> {
    builder(word).map(|builder| builder.build_dfa(word))
}

/// Accepts the words with a prefix near this one; `None` where it may have no error.
pub(crate) fn beginnings_near(word: &str) -> Option<DFA> {
    builder(word).map(|builder| builder.build_prefix_dfa(word))
}

fn builder(word: &str) -> Option<&'static LevenshteinAutomatonBuilder> {
    let letters = word.chars().count();
    if has_digit(word) || letters > MAX_LETTERS {
        return None;
    }
    AUTOMATA.get(usize::from(max_errors(letters)).checked_sub(1)?)
}

/// Whether an automaton accepts a word.
pub(crate) fn accepts(automaton: &DFA, word: &str) -> bool {
    matches!(automaton.eval(word), Distance::Exact(_))
}

/// Whether a word has a digit, so that it is not mistyped, and nothing is mistyped for it.
pub(crate) fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether two folded words begin with the same letter.
pub(crate) fn same_initial(one: &str, other: &str) -> bool {
    one.as_bytes().first() == other.as_bytes().first()
}

/// The number of errors between two words.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    osa_distance(one, other)
}

/// The number of errors between two words without their plural endings: *tabel* is one error from *tables*.
pub(crate) fn distance_of_singulars(one: &str, other: &str) -> usize {
    let singular = |word: &str| word.strip_suffix(['s', 'x']).unwrap_or(word).to_owned();
    osa_distance(&singular(one), &singular(other))
}

/// Whether a folded name is short enough to be compared with others.
pub(crate) fn is_comparable(name: &str) -> bool {
    name.len() <= *NAME_BYTES.end()
}

/// Whether two words of names may be the same, one of them mistyped.
pub(crate) fn are_alike(word: &str, other: &str) -> bool {
    word.len().min(other.len()) >= MIN_NAME_WORD
        && same_initial(word, other)
        && !differ_in_length(word, other)
        && !has_digit(word)
        && !has_digit(other)
        && normalized_damerau_levenshtein(word, other) >= MIN_LIKENESS
}

/// How similar a name is to a typed one, from 0 to 1; `None` where it is not what was meant. A name that begins with what is typed is
/// just similar enough.
pub(crate) fn likeness(typed: &str, name: &str) -> Option<f64> {
    if !NAME_BYTES.contains(&typed.len()) || !NAME_BYTES.contains(&name.len()) {
        return None;
    }
    if name.starts_with(typed) {
        return Some(MIN_LIKENESS);
    }
    if differ_in_length(typed, name) || digits(typed) != digits(name) {
        return None;
    }
    Some(normalized_damerau_levenshtein(typed, name)).filter(|likeness| *likeness >= MIN_LIKENESS)
}

/// Whether two texts are too different in length to be alike: the distance need not be computed.
fn differ_in_length(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) as f64 > (1.0 - MIN_LIKENESS) * one.len().max(other.len()) as f64
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
