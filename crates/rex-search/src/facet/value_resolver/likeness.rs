//! Finds the values that hold the words of a text, or are spelled nearly like it.

use rex_analysis::is_stop_word;

use rex_query::ResolvedValue;

use super::values::MAX_MEANT;
use crate::spellcheck::levenshtein::{are_alike, is_comparable, likeness};

/// Folded words without plural endings.
pub(super) fn singular(folded: &str) -> String {
    folded.split(' ').map(singular_word).collect::<Vec<_>>().join(" ")
}

/// Folded words joined: `m tsamboro` is `mtsamboro`, `m a p a` is `mapa`.
pub(super) fn joined(folded: &str) -> String {
    folded.replace(' ', "")
}

fn singular_word(word: &str) -> &str {
    match word.strip_suffix(['s', 'x']) {
        Some(stem) if word.len() > 3 => stem,
        _ => word,
    }
}

/// The values whose names hold the words of a text, in any order.
pub(super) struct ValuesWithWords {
    /// The words but stop words, without plural endings; none if the text is too long.
    words: Vec<String>,
    /// Length of the name and value, the shortest first, at most [`MAX_MEANT`].
    found: Vec<(usize, String)>,
}

impl ValuesWithWords {
    /// `typed` is folded.
    pub(super) fn of(typed: &str) -> Self {
        let words = typed.split(' ').filter(|word| !word.is_empty() && !is_stop_word(word));
        let is_short = is_comparable(typed);
        Self {
            words: words
                .filter(|_| is_short)
                .map(|word| singular_word(word).to_owned())
                .collect(),
            found: Vec::new(),
        }
    }

    /// Whether a folded name holds all the words.
    pub(super) fn is_within(&self, name: &str) -> bool {
        let has = |word: &String| name.split(' ').any(|other| singular_word(other) == word);
        !self.words.is_empty() && self.words.iter().all(has)
    }

    /// Whether a folded name holds all the words, with typing errors allowed.
    pub(super) fn is_nearly_within(&self, name: &str) -> bool {
        let has = |word: &String| {
            let mut others = name.split(' ').map(singular_word);
            others.any(|other| other == word || are_alike(word, other))
        };
        !self.words.is_empty() && self.words.iter().all(has)
    }

    /// Keeps a value if its name holds the words; returns whether it does.
    pub(super) fn look(&mut self, name: &str, value: &str) -> bool {
        let is_held = self.is_within(name);
        if is_held {
            self.keep(name, value);
        }
        is_held
    }

    /// Keeps a value if its name holds the words, with typing errors allowed.
    pub(super) fn look_nearly(&mut self, name: &str, value: &str) {
        if self.is_nearly_within(name) {
            self.keep(name, value);
        }
    }

    fn keep(&mut self, name: &str, value: &str) {
        let rank = self.found.partition_point(|(length, _)| *length <= name.len());
        if rank < MAX_MEANT {
            self.found.insert(rank, (name.len(), value.to_owned()));
            self.found.truncate(MAX_MEANT);
        }
    }

    /// The values kept, the shortest first.
    pub(super) fn reading(&self) -> Option<ResolvedValue> {
        let values: Vec<String> = self.found.iter().map(|(_, value)| value.clone()).collect();
        (!values.is_empty()).then_some(ResolvedValue::Likely(values))
    }
}

/// The value whose name is most similar to the text.
pub(super) struct NearestValue {
    typed: String,
    best: Option<(f64, String)>,
}

impl NearestValue {
    pub(super) fn to(typed: &str) -> Self {
        Self {
            typed: typed.to_owned(),
            best: None,
        }
    }

    pub(super) fn look(&mut self, name: &str, value: &str) {
        let Some(likeness) = likeness(&self.typed, name) else {
            return;
        };
        if self.best.as_ref().is_none_or(|(best, _)| likeness > *best) {
            self.best = Some((likeness, value.to_owned()));
        }
    }

    pub(super) fn reading(self) -> ResolvedValue {
        self.best
            .map_or(ResolvedValue::Unknown, |(_, value)| ResolvedValue::Likely(vec![value]))
    }
}
