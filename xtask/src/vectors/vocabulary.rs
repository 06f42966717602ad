//! The words of the texts by the keys of the analyzer.

use std::collections::{HashMap, HashSet};

use rex_analysis::{Dictionary, Kinds, is_stop_word};

/// Number of words in the table.
const WORDS: usize = 12_000;
/// Occurrences below which a word is left out.
const MIN_FREQUENCY: u64 = 5;

/// Texts as word numbers; `None` for what has no vector: stop words, numbers, names. It takes a position in a window.
#[derive(Default)]
pub(super) struct Texts {
    numbers: HashMap<String, u32>,
    /// Keys of stop words. No word has them, so that the table knows no stop word.
    stop_keys: HashSet<String>,
    texts: Vec<Vec<Option<u32>>>,
}

/// The words with vectors, the most frequent first.
pub(super) struct Vocabulary {
    pub(super) keys: Vec<String>,
    pub(super) frequencies: Vec<u64>,
    /// The texts, with numbers of these words.
    pub(super) texts: Vec<Vec<Option<u32>>>,
}

impl Texts {
    pub(super) fn add(&mut self, text: &str) {
        let words = rex_analysis::words(text).into_iter().map(|token| {
            if is_stop_word(&token.exact) {
                self.stop_keys.insert(token.stem);
                return None;
            }
            if !has_meaning(&token.exact) {
                return None;
            }
            let next = self.numbers.len() as u32;
            Some(*self.numbers.entry(token.stem).or_insert(next))
        });
        self.texts.push(words.collect());
    }

    /// Keeps the most frequent words.
    pub(super) fn vocabulary(self) -> Vocabulary {
        let mut frequencies = vec![0_u64; self.numbers.len()];
        for word in self.texts.iter().flatten().flatten() {
            frequencies[*word as usize] += 1;
        }
        let numbers = self.numbers.into_iter();
        let mut words: Vec<_> = numbers
            .map(|(key, number)| (frequencies[number as usize], key, number))
            .filter(|(frequency, key, _)| *frequency >= MIN_FREQUENCY && !self.stop_keys.contains(key))
            .collect();
        words.sort_by(|a, b| (b.0, &a.1).cmp(&(a.0, &b.1)));
        words.truncate(WORDS);
        let kept: HashMap<u32, u32> = words.iter().map(|(.., number)| *number).zip(0..).collect();
        let mut texts = self.texts;
        for word in texts.iter_mut().flatten() {
            *word = word.and_then(|number| kept.get(&number).copied());
        }
        Vocabulary {
            frequencies: words.iter().map(|(frequency, ..)| *frequency).collect(),
            keys: words.into_iter().map(|(_, key, _)| key).collect(),
            texts,
        }
    }
}

/// Whether a word in its exact form may have a vector: not a number or a name.
fn has_meaning(exact: &str) -> bool {
    let is_name = || {
        Dictionary::shipped()
            .get(exact)
            .is_some_and(|entry| entry.kinds().is_only(Kinds::NAME))
    };
    !exact.bytes().any(|byte| byte.is_ascii_digit()) && !is_name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_are_kept_and_names_are_not() {
        let mut texts = Texts::default();
        for _ in 0..MIN_FREQUENCY {
            texts.add("La collecte des déchets de 2022 à Paris");
            texts.add("des déchets");
        }
        texts.add("un tri");
        let vocabulary = texts.vocabulary();
        assert_eq!(vocabulary.keys, ["dechet ", "collecte. /collecter"]);
        assert_eq!(vocabulary.frequencies, [10, 5]);
        assert_eq!(
            vocabulary.texts[0],
            [None, Some(1), None, Some(0), None, None, None, None]
        );
    }
}
