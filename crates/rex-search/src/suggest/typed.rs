//! The typed text as words.

use rex_analysis::{is_stop_word, words};

/// A text as the keys of completions have it: its folded words, joined by single spaces.
pub(super) fn key(text: &str) -> String {
    Typed::read(text).prefix()
}

/// Folded words to complete; the last one may be a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) words: Vec<TypedWord>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedWord {
    /// As typed, or as corrected.
    pub(super) folded: String,
    /// Whether it is a correction.
    pub(super) is_corrected: bool,
}

impl Typed {
    pub(super) fn read(text: &str) -> Self {
        let words = words(text).into_iter().map(|token| TypedWord {
            folded: token.exact,
            is_corrected: false,
        });
        Self { words: words.collect() }
    }

    /// The words in the form of a key.
    pub(super) fn prefix(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.folded.as_str()).collect();
        words.join(" ")
    }

    /// The words that completions are indexed by: stop words are not.
    pub(super) fn anchors(&self) -> impl Iterator<Item = &str> {
        let words = self.words.iter().map(|word| word.folded.as_str());
        words.filter(|word| !is_stop_word(word))
    }

    /// The words without the last one, if that is a stop word after others: the next word is still to be typed.
    pub(super) fn before_stop_word(&self) -> Option<Self> {
        let (last, before) = self.words.split_last()?;
        let can_wait = !before.is_empty() && is_stop_word(&last.folded);
        can_wait.then(|| Self { words: before.to_vec() })
    }

    /// Whether a key holds every word but stop words, the last as a prefix.
    pub(super) fn is_held_by(&self, key: &str) -> bool {
        let Some((last, whole)) = self.words.split_last() else {
            return true;
        };
        let mut whole = whole.iter().filter(|word| !is_stop_word(&word.folded));
        whole.all(|word| key.split(' ').any(|other| other == word.folded))
            && key.split(' ').any(|other| other.starts_with(&last.folded))
    }
}
