//! The words of texts, each text cut once: a title is indexed several times over, in both its forms, and the same names, places
//! and labels come back in record after record.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;
use rex_analysis::Analyzer;

/// Bytes of the texts remembered. Their words take about ten times as much.
const MAX_BYTES: usize = 2 << 20;

/// Cuts texts into words and remembers them, for every thread that shares it.
#[derive(Debug, Clone)]
pub(crate) struct WordCutter {
    analyzer: Analyzer,
    remembered: Arc<Mutex<Remembered>>,
}

#[derive(Debug, Default)]
struct Remembered {
    texts: HashMap<Box<str>, Arc<CutText>>,
    bytes: usize,
}

/// The words of a text. Their letters stand in one string: thousands of texts are remembered at a time, and two strings a word
/// would take a sixth of the time of a build to be made and dropped.
#[derive(Debug)]
pub(crate) struct CutText {
    letters: String,
    words: Vec<CutWord>,
}

#[derive(Debug)]
struct CutWord {
    exact: Range<usize>,
    stem: Range<usize>,
    position: usize,
    span: usize,
}

/// A word of a text: see [`rex_analysis::Token`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct WordOfText<'a> {
    pub(crate) exact: &'a str,
    pub(crate) stem: &'a str,
    pub(crate) position: usize,
    pub(crate) span: usize,
}

impl CutText {
    fn new(analyzer: Analyzer, text: &str) -> Self {
        let tokens = analyzer.analyze(text);
        let mut letters = String::with_capacity(tokens.iter().map(|token| token.exact.len() + token.stem.len()).sum());
        let mut push = |word: &str| {
            letters.push_str(word);
            letters.len() - word.len()..letters.len()
        };
        let words = tokens.iter().map(|token| {
            let exact = push(&token.exact);
            let stem = match token.exact.starts_with(&token.stem) {
                true => exact.start..exact.start + token.stem.len(),
                false => push(&token.stem),
            };
            CutWord {
                exact,
                stem,
                position: token.position,
                span: token.span,
            }
        });
        Self {
            words: words.collect(),
            letters,
        }
    }

    /// The word of this rank.
    pub(crate) fn get(&self, rank: usize) -> Option<WordOfText<'_>> {
        self.words.get(rank).map(|word| self.of(word))
    }

    /// The words, in the order of the text.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = WordOfText<'_>> + ExactSizeIterator {
        self.words.iter().map(|word| self.of(word))
    }

    fn of(&self, word: &CutWord) -> WordOfText<'_> {
        WordOfText {
            exact: &self.letters[word.exact.clone()],
            stem: &self.letters[word.stem.clone()],
            position: word.position,
            span: word.span,
        }
    }
}

impl WordCutter {
    pub(crate) fn new(analyzer: Analyzer) -> Self {
        Self {
            analyzer,
            remembered: Arc::default(),
        }
    }

    /// The words of a text.
    pub(crate) fn cut(&self, text: &str) -> Arc<CutText> {
        let lock = || self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = lock().texts.get(text) {
            return Arc::clone(words);
        }
        // Nobody waits while a text is cut; two threads may cut the same one, which does no harm.
        let words = Arc::new(CutText::new(self.analyzer, text));
        let mut remembered = lock();
        if remembered.bytes + text.len() > MAX_BYTES {
            *remembered = Remembered::default();
        }
        if text.len() <= MAX_BYTES {
            remembered.bytes += text.len();
            remembered.texts.insert(text.into(), Arc::clone(&words));
        }
        words
    }
}
