use std::ops::Range;

/// A word on its way through the filters: where it is in the text, and how it is spelled where that is not how it is
/// written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
    /// What it stands for, as `salarié` and `salariée` for `salarié·e`; none where it is as written.
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

    /// A word that stands for others.
    pub(crate) fn spelled(range: Range<usize>, spellings: Vec<String>) -> Self {
        Self { range, spellings }
    }

    /// As it is written, where no filter has changed it.
    pub(crate) fn plain<'a>(&self, text: &'a str) -> Option<&'a str> {
        self.spellings.is_empty().then(|| &text[self.range.clone()])
    }

    /// Its digits, where it is a number and nothing else.
    pub(crate) fn digits<'a>(&'a self, text: &'a str) -> Option<&'a str> {
        let written = match self.spellings.first() {
            Some(spelling) => spelling,
            None => &text[self.range.clone()],
        };
        written.bytes().all(|byte| byte.is_ascii_digit()).then_some(written)
    }
}

/// What stands between two words; the fraction itself between the two numbers of one.
pub(crate) fn gap<'a>(text: &'a str, before: &Word, after: &Word) -> &'a str {
    text.get(before.range.end..after.range.start)
        .unwrap_or(&text[after.range.clone()])
}

/// Puts words that were read in the place of those that they were read from, which are told by the rank of the first and how
/// many they are. Most texts hold none, and stay as they are.
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
