//! The words of texts, each text cut once: a title is indexed several times over, in both its forms, its phrases are counted, and
//! the same names, places and labels come back in record after record.

use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;
use rex_analysis::{Analyzer, Rule, Token};

/// Texts that are remembered, in bytes. Most of them come back within the record, and names in one of the next.
const MAX_BYTES: usize = 2 << 20;

/// Stems that are remembered: they are of nearly all words met, as few words make up most of a text.
const MAX_STEMS: usize = 1 << 16;

/// Cuts texts into words, and remembers those cut last.
#[derive(Debug)]
pub(crate) struct WordCutter {
    analyzer: Analyzer,
    stems: HashMap<Box<str>, Box<str>>,
    texts: HashMap<Box<str>, Arc<CutText>>,
    bytes: usize,
}

/// The words of one text: their letters in one string, which takes less than a string for each word.
#[derive(Debug)]
pub(crate) struct CutText {
    letters: String,
    words: Vec<CutWord>,
    /// Those its words take.
    places: usize,
}

#[derive(Debug)]
struct CutWord {
    /// In the letters of all words. Often the stem is the beginning of the word, and is kept once.
    exact: Range<u32>,
    stem: Range<u32>,
    /// In the text.
    written: Range<u32>,
    position: u32,
    span: u32,
}

/// One word of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WordOfText<'a> {
    pub(crate) exact: &'a str,
    pub(crate) stem: &'a str,
    /// First byte in the text.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) end: usize,
    pub(crate) position: usize,
    pub(crate) span: usize,
}

impl CutText {
    /// The words of a text, which has far fewer bytes than four bytes count; each is its own stem, as stems take long to find.
    pub(crate) fn unstemmed(analyzer: Analyzer, text: &str) -> Self {
        Self::of(&analyzer.without(Rule::Stemming).analyze(text))
    }

    fn of(tokens: &[Token]) -> Self {
        let places = tokens.iter().map(|token| token.position + token.span).max();
        let mut letters = String::with_capacity(tokens.iter().map(|token| token.exact.len() + token.stem.len()).sum());
        let mut push = |word: &str| {
            letters.push_str(word);
            (letters.len() - word.len()) as u32..letters.len() as u32
        };
        let words = tokens.iter().map(|token| {
            let exact = push(&token.exact);
            let stem = match token.exact.starts_with(&token.stem) {
                true => exact.start..exact.start + token.stem.len() as u32,
                false => push(&token.stem),
            };
            CutWord {
                exact,
                stem,
                written: token.start as u32..token.end as u32,
                position: token.position as u32,
                span: token.span as u32,
            }
        });
        Self {
            words: words.collect(),
            letters,
            places: places.unwrap_or_default(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = WordOfText<'_>> {
        self.words.iter().map(|word| self.word(word))
    }

    /// One word a place: its first reading, without the compounds that words make together, as [`rex_analysis::words`] gives them.
    pub(crate) fn one_a_place(&self) -> impl Iterator<Item = WordOfText<'_>> {
        let mut last = None;
        let simple = self.iter().filter(|word| word.span == 1);
        simple.filter(move |word| last.replace(word.position) != Some(word.position))
    }

    fn word(&self, word: &CutWord) -> WordOfText<'_> {
        let letters = |range: &Range<u32>| &self.letters[range.start as usize..range.end as usize];
        WordOfText {
            exact: letters(&word.exact),
            stem: letters(&word.stem),
            start: word.written.start as usize,
            end: word.written.end as usize,
            position: word.position as usize,
            span: word.span as usize,
        }
    }
}

/// The words of the texts of a field, each with its place there: between two texts one is left, so that no phrase goes from one to
/// the next.
pub(crate) fn placed(texts: &[Arc<CutText>]) -> impl Iterator<Item = (usize, WordOfText<'_>)> {
    let mut next = 0;
    texts.iter().flat_map(move |text| {
        let first = next;
        next += text.places + 1;
        text.iter().map(move |word| (first + word.position, word))
    })
}

impl WordCutter {
    pub(crate) fn new(analyzer: Analyzer) -> Self {
        Self {
            analyzer,
            stems: HashMap::default(),
            texts: HashMap::default(),
            bytes: 0,
        }
    }

    /// The words of a text.
    pub(crate) fn cut(&mut self, text: &str) -> Arc<CutText> {
        if let Some(words) = self.texts.get(text) {
            return Arc::clone(words);
        }
        let mut tokens = self.analyzer.without(Rule::Stemming).analyze(text);
        tokens.iter_mut().for_each(|token| self.stem(token));
        let words = Arc::new(CutText::of(&tokens));
        if self.bytes + text.len() > MAX_BYTES {
            self.texts.clear();
            self.bytes = 0;
        }
        if text.len() <= MAX_BYTES {
            self.bytes += text.len();
            self.texts.insert(text.into(), Arc::clone(&words));
        }
        words
    }

    fn stem(&mut self, token: &mut Token) {
        if let Some(stem) = self.stems.get(token.exact.as_str()) {
            token.stem.clear();
            token.stem.push_str(stem);
            return;
        }
        token.stem = self.analyzer.stem(&token.exact);
        if self.stems.len() == MAX_STEMS {
            self.stems.clear();
        }
        self.stems
            .insert(token.exact.as_str().into(), token.stem.as_str().into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_analyzer() {
        for analyzer in [Analyzer::default(), Analyzer::default().without(Rule::Stemming)] {
            let mut cutter = WordCutter::new(analyzer);
            for text in [
                "Des marchés publics réservés",
                "un sous-traitant, des marchés",
                "salarié·es 2ème",
            ] {
                let cut = cutter.cut(text);
                let words: Vec<_> = cut
                    .iter()
                    .map(|word| (word.exact, word.stem, word.position, word.span))
                    .collect();
                let tokens = analyzer.analyze(text);
                let tokens = tokens
                    .iter()
                    .map(|token| (&*token.exact, &*token.stem, token.position, token.span));
                assert!(tokens.eq(words), "{text}");
            }
        }
    }

    #[test]
    fn one_word_a_place_is_the_first_reading() {
        for text in [
            "salarié·es de l'ESAT",
            "MARCHE",
            "un sous-traitant",
            "St-Étienne 75231240-8",
            "",
        ] {
            let cut = WordCutter::new(Analyzer::default()).cut(text);
            let words: Vec<_> = cut
                .one_a_place()
                .map(|word| (word.exact, word.start..word.end, word.position))
                .collect();
            let expected = rex_analysis::words_as_written(text);
            let expected: Vec<_> = expected
                .iter()
                .map(|word| (word.exact.as_str(), word.start..word.end, word.position))
                .collect();
            assert_eq!(words, expected, "{text}");
        }
    }
}
