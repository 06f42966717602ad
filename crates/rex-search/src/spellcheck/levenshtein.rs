//! Which typing errors are forgiven in a word, and the automata that find what it may have been meant for.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, LevenshteinAutomatonBuilder};

/// Letters of the shortest word in which one error is forgiven, and of the shortest in which two are.
const ONE_ERROR_FROM: usize = 4;
const TWO_ERRORS_FROM: usize = 8;
/// Letters of the longest word in which errors are forgiven: what the automaton costs grows with them.
const MAX_LETTERS: usize = 24;

/// An automaton for one error and one for two; an exchange of two letters side by side is one error.
static AUTOMATA: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|errors| LevenshteinAutomatonBuilder::new(errors, true)));

/// What accepts the words near one; none where it is too short or too long to be told.
pub(crate) fn words_near(word: &str) -> Option<DFA> {
    builder(word).map(|builder| builder.build_dfa(word))
}

/// What accepts the words that begin nearly as one; none where it is too short or too long to be told.
pub(crate) fn beginnings_near(word: &str) -> Option<DFA> {
    builder(word).map(|builder| builder.build_prefix_dfa(word))
}

fn builder(word: &str) -> Option<&'static LevenshteinAutomatonBuilder> {
    match word.chars().count() {
        ..ONE_ERROR_FROM => None,
        ONE_ERROR_FROM..TWO_ERRORS_FROM => Some(&AUTOMATA[0]),
        TWO_ERRORS_FROM..=MAX_LETTERS => Some(&AUTOMATA[1]),
        _ => None,
    }
}
