//! Which values are like a text: those that hold its words, and those written nearly so.

use rex_analysis::is_stop_word;

use rex_query::ResolvedValue;

use super::values::MAX_MEANT;

/// Letters from which a text can be taken for mistyped, and the most that is compared.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=100;
/// Letters of a word from which it can be taken for mistyped by itself.
const WORD: usize = 5;
/// How like a value a text has to be to be taken for a typing error, from 0 to 1: two letters of eight.
const LIKENESS: f64 = 0.75;

/// Folded words without the marks of the plural.
pub(super) fn singular(folded: &str) -> String {
    folded.split(' ').map(singular_word).collect::<Vec<_>>().join(" ")
}

/// Folded words as one: `m tsamboro` is `mtsamboro`, `m a p a` is `mapa`.
pub(super) fn joined(folded: &str) -> String {
    folded.replace(' ', "")
}

fn singular_word(word: &str) -> &str {
    match word.strip_suffix(['s', 'x']) {
        Some(stem) if word.len() > 3 => stem,
        _ => word,
    }
}

/// The values that hold the words of a text, in any order.
pub(super) struct ValuesWithWords {
    /// The words that tell something, plural aside; none where the text is too long.
    words: Vec<String>,
    /// The bytes of the name and the value, the shortest first; a few of them.
    found: Vec<(usize, String)>,
}

impl ValuesWithWords {
    /// `typed` is folded.
    pub(super) fn of(typed: &str) -> Self {
        let words = typed.split(' ').filter(|word| !word.is_empty() && !is_stop_word(word));
        let is_short = typed.len() <= *LETTERS.end();
        Self {
            words: words
                .filter(|_| is_short)
                .map(|word| singular_word(word).to_owned())
                .collect(),
            found: Vec::new(),
        }
    }

    /// Whether a folded name has all the words.
    pub(super) fn is_within(&self, name: &str) -> bool {
        let has = |word: &String| name.split(' ').any(|other| singular_word(other) == word);
        !self.words.is_empty() && self.words.iter().all(has)
    }

    /// Whether a folded name has all the words, mistyped ones among them. The first letter is the same, as few people mistype it, and
    /// nobody means another number.
    pub(super) fn is_nearly_within(&self, name: &str) -> bool {
        let is_number = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
        let is_near = |word: &str, other: &str| {
            let can_be = word.len().min(other.len()) >= WORD && word.as_bytes()[0] == other.as_bytes()[0];
            let is_as_long =
                word.len().abs_diff(other.len()) as f64 <= (1.0 - LIKENESS) * word.len().max(other.len()) as f64;
            can_be
                && is_as_long
                && !is_number(word)
                && !is_number(other)
                && strsim::normalized_damerau_levenshtein(word, other) >= LIKENESS
        };
        let has = |word: &String| {
            let mut others = name.split(' ').map(singular_word);
            others.any(|other| other == word || is_near(word, other))
        };
        !self.words.is_empty() && self.words.iter().all(has)
    }

    /// Keeps a value if its name has the words; whether it has.
    pub(super) fn look(&mut self, name: &str, value: &str) -> bool {
        let is_held = self.is_within(name);
        if is_held {
            self.keep(name, value);
        }
        is_held
    }

    /// Keeps a value if its name has the words, or nearly.
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

/// The value whose name is most like what was typed.
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
        let (typed, other) = (self.typed.len(), name.len());
        if !LETTERS.contains(&typed) || !LETTERS.contains(&other) {
            return;
        }
        // Nobody means another number, and one word of several is a beginning.
        let likeness = if name.starts_with(&self.typed) {
            LIKENESS
        } else if typed.abs_diff(other) as f64 > (1.0 - LIKENESS) * typed.max(other) as f64
            || digits(&self.typed) != digits(name)
        {
            return;
        } else {
            strsim::normalized_damerau_levenshtein(&self.typed, name)
        };
        if likeness >= LIKENESS && self.best.as_ref().is_none_or(|(best, _)| likeness > *best) {
            self.best = Some((likeness, value.to_owned()));
        }
    }

    pub(super) fn reading(self) -> ResolvedValue {
        self.best
            .map_or(ResolvedValue::Unknown, |(_, value)| ResolvedValue::Likely(vec![value]))
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
