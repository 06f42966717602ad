//! A word between two filters.

use std::ops::Range;

/// A word between two filters: its place in the text, and its spellings if they differ from the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// Byte range in the text.
    pub(crate) range: Range<usize>,
    /// Its readings: `salarié` and `salariée` for `salarié·e`. Empty if it is read as written.
    pub(crate) spellings: Vec<String>,
}

impl Word {
    /// A word as written.
    pub(crate) fn written(range: Range<usize>) -> Self {
        Self {
            range,
            spellings: Vec::new(),
        }
    }

    /// A word with other spellings than the text.
    pub(crate) fn spelled(range: Range<usize>, spellings: Vec<String>) -> Self {
        Self { range, spellings }
    }

    /// Its text, if no filter has changed it.
    pub(crate) fn plain<'a>(&self, text: &'a str) -> Option<&'a str> {
        self.spellings.is_empty().then(|| &text[self.range.clone()])
    }

    /// Its digits, if it consists of digits only.
    pub(crate) fn digits<'a>(&'a self, text: &'a str) -> Option<&'a str> {
        let written = match self.spellings.first() {
            Some(spelling) => spelling,
            None => &text[self.range.clone()],
        };
        written.bytes().all(|byte| byte.is_ascii_digit()).then_some(written)
    }
}

/// The text between two words. Between the two numbers of a fraction character, that character.
pub(crate) fn gap<'a>(text: &'a str, before: &Word, after: &Word) -> &'a str {
    text.get(before.range.end..after.range.start)
        .unwrap_or(&text[after.range.clone()])
}

/// Replaces runs of words: `read(words, at)` returns the new word for the run at index `at`, and the length of the run. Most texts
/// have no such run and are returned unchanged.
pub(crate) fn replace(mut words: Vec<Word>, read: impl Fn(&[Word], usize) -> Option<(Word, usize)>) -> Vec<Word> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match read(&words, at) {
            Some((word, used)) => {
                found.push((at..at + used, word));
                at += used;
            }
            None => at += 1,
        }
    }
    if found.is_empty() {
        return words;
    }
    let mut replaced = Vec::with_capacity(words.len());
    let mut next = 0;
    for (range, word) in found {
        replaced.extend(words[next..range.start].iter_mut().map(std::mem::take));
        replaced.push(word);
        next = range.end;
    }
    replaced.extend(words.drain(next..));
    replaced
}
