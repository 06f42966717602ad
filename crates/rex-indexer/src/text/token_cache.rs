//! The words of texts, each text cut once: a title is indexed several times over, in both its forms, its phrases are counted, and
//! the same names, places and labels come back in record after record.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::fast::{FixedState, RandomState};
use hashbrown::HashTable;
use rex_analysis::{Analyzer, Rule, Token};

use crate::text::pretokenized::{push_places, push_word};
use rex_index::schema::fields::is_number;

/// Bytes of texts that are remembered, with their words. Names come back in one of the next records, and a title in a lot's.
const MAX_BYTES: usize = 4 << 20;
/// Stems that are remembered: they are of nearly all words met, as few words make up most of a text.
const MAX_STEMS: usize = 1 << 16;

/// Cuts texts into words, and remembers those cut last.
#[derive(Debug)]
pub(crate) struct WordCutter {
    analyzer: Analyzer,
    stems: HashMap<Box<str>, Box<str>>,
    texts: HashTable<Arc<CutText>>,
    hashes: RandomState,
    bytes: usize,
    /// Room to find other forms of a stem in.
    by_stem: Vec<PlacedStem>,
}

/// A word among those of several texts: the hash of its stem, the rank of its text, and its rank there.
type PlacedStem = (u32, u32, u32);

/// The words of one text.
#[derive(Debug)]
pub(crate) struct CutText {
    /// One string, which takes less than one for each word: the text; then its words as the engine is given them, stems with their
    /// places, and words as they are written but for numbers, without any; and all words as they are written.
    all: String,
    /// Where each of these parts ends, but for the last.
    ends: [u32; 3],
    words: Vec<CutWord>,
    /// The place of the last word, and how many all take.
    last: usize,
    places: usize,
}

#[derive(Debug)]
struct CutWord {
    /// Among all that is kept of the text.
    exact: Range<u32>,
    /// In the text.
    written: Range<u32>,
    position: u32,
    span: u32,
    stem_hash: u32,
}

/// One word of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WordOfText<'a> {
    pub(crate) exact: &'a str,
    /// First byte in the text.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) end: usize,
    pub(crate) position: usize,
}

impl CutText {
    /// The words of a text, which has far fewer bytes than four bytes count; each is its own stem, as stems take long to find.
    pub(crate) fn unstemmed(analyzer: Analyzer, text: &str) -> Self {
        Self::of(text, &analyzer.without(Rule::Stemming).analyze(text))
    }

    fn of(text: &str, tokens: &[Token]) -> Self {
        // A mark stands before each packed word.
        let bytes = tokens.iter().map(|token| token.stem.len() + 2 * token.exact.len() + 2);
        let mut all = String::with_capacity(text.len() + bytes.sum::<usize>());
        all.push_str(text);
        let mut ends = [all.len() as u32; 3];
        let (mut last, mut places) = (0, 0);
        for token in tokens {
            push_word(&mut all, token.position - last, &token.stem);
            last = token.position;
            places = places.max(token.position + token.span);
        }
        ends[1] = all.len() as u32;
        for token in tokens.iter().filter(|token| !is_number(&token.exact)) {
            push_word(&mut all, 0, &token.exact);
        }
        ends[2] = all.len() as u32;
        let words = tokens.iter().map(|token| {
            let start = all.len() as u32;
            all.push_str(&token.exact);
            CutWord {
                exact: start..all.len() as u32,
                written: token.start as u32..token.end as u32,
                position: token.position as u32,
                span: token.span as u32,
                stem_hash: FixedState::default().hash_one(&token.stem) as u32,
            }
        });
        Self {
            words: words.collect(),
            all,
            ends,
            last,
            places,
        }
    }

    /// Bytes of memory.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.all.capacity() + self.words.capacity() * size_of::<CutWord>()
    }

    fn text(&self) -> &str {
        &self.all[..self.ends[0] as usize]
    }

    /// All stems, packed.
    fn stems(&self) -> &str {
        &self.all[self.ends[0] as usize..self.ends[1] as usize]
    }

    /// All words as they are written but for numbers, packed.
    fn written(&self) -> &str {
        &self.all[self.ends[1] as usize..self.ends[2] as usize]
    }

    /// One word a place: its first reading, without the compounds that words make together, as [`rex_analysis::words`] gives them.
    pub(crate) fn one_a_place(&self) -> impl Iterator<Item = WordOfText<'_>> {
        let mut last = None;
        let simple = self.words.iter().filter(|word| word.span == 1);
        simple
            .filter(move |word| last.replace(word.position) != Some(word.position))
            .map(|word| WordOfText {
                exact: self.exact(word),
                start: word.written.start as usize,
                end: word.written.end as usize,
                position: word.position as usize,
            })
    }

    fn exact(&self, word: &CutWord) -> &str {
        &self.all[word.exact.start as usize..word.exact.end as usize]
    }
}

/// Packs the stems of texts of a field, with their places there: between two texts one is left, so that no phrase goes from one to
/// the next.
pub(crate) fn push_stems<'a>(packed: &mut String, texts: impl Iterator<Item = &'a Arc<CutText>>) {
    let mut last = 0;
    for (first, text) in placed(texts) {
        if !text.words.is_empty() {
            push_places(packed, first - last);
            packed.push_str(text.stems());
            last = first + text.last;
        }
    }
}

/// Packs the words of texts as they are written, but for numbers, without their places.
pub(crate) fn push_exact(packed: &mut String, texts: &[Arc<CutText>]) {
    texts.iter().for_each(|text| packed.push_str(text.written()));
}

/// The texts of a field, each with the first of its places there.
fn placed<'a>(texts: impl Iterator<Item = &'a Arc<CutText>>) -> impl Iterator<Item = (usize, &'a CutText)> {
    texts.scan(0, |next, text| {
        let first = *next;
        *next += text.places + 1;
        Some((first, &**text))
    })
}

impl WordCutter {
    pub(crate) fn new(analyzer: Analyzer) -> Self {
        Self {
            analyzer,
            stems: HashMap::default(),
            texts: HashTable::new(),
            hashes: RandomState::default(),
            bytes: 0,
            by_stem: Vec::new(),
        }
    }

    /// The words of a text.
    pub(crate) fn cut(&mut self, text: &str) -> Arc<CutText> {
        let hash = self.hashes.hash_one(text);
        if let Some(words) = self.texts.find(hash, |known| known.text() == text) {
            return Arc::clone(words);
        }
        let mut tokens = self.analyzer.without(Rule::Stemming).analyze(text);
        tokens.iter_mut().for_each(|token| self.stem(token));
        let words = Arc::new(CutText::of(text, &tokens));
        let bytes = words.bytes();
        if self.bytes + bytes > MAX_BYTES {
            self.texts.clear();
            self.bytes = 0;
        }
        if bytes <= MAX_BYTES {
            self.bytes += bytes;
            let hashes = &self.hashes;
            let known = Arc::clone(&words);
            self.texts
                .insert_unique(hash, known, |known| hashes.hash_one(known.text()));
        }
        words
    }

    /// Packs those words of the texts of a field of whose stem they have other forms, but for numbers, with their places there.
    ///
    /// Stems are kept with their places, words as they are written without: where a case has a word as often as its stem, each place of
    /// the stem is one of the word. Where it has *marché* and *marchés*, the place of either is kept too, in a field that holds such
    /// words only: a tenth of what the places of all words take. A word more does no harm there; it takes two stems of one hash.
    pub(crate) fn push_forms<'a>(&mut self, packed: &mut String, texts: impl Iterator<Item = &'a Arc<CutText>>) {
        let texts: Vec<_> = placed(texts).collect();
        let words = || {
            let texts = texts.iter().zip(0..);
            texts.flat_map(|((_, text), at)| {
                text.words
                    .iter()
                    .zip(0..)
                    .map(move |(word, rank)| (word.stem_hash, at, rank))
            })
        };
        let word = |(_, text, rank): PlacedStem| {
            let (first, text) = texts[text as usize];
            let word = &text.words[rank as usize];
            (first + word.position as usize, text.exact(word))
        };
        let by_stem = &mut self.by_stem;
        by_stem.clear();
        by_stem.extend(words());
        by_stem.sort_unstable();
        let of_other_forms = by_stem
            .chunk_by(|(stem, ..), (other, ..)| stem == other)
            .filter(|forms| {
                let (_, first) = word(forms[0]);
                forms.iter().any(|form| word(*form).1 != first)
            });
        let several: Vec<_> = of_other_forms.map(|forms| forms[0].0).collect();
        if several.is_empty() {
            return;
        }
        let mut last = 0;
        for (place, exact) in words()
            .filter(|(stem, ..)| several.binary_search(stem).is_ok())
            .map(word)
        {
            if !is_number(exact) {
                push_word(packed, place - last, exact);
                last = place;
            }
        }
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
    use crate::text::pretokenized::unpacked;

    #[test]
    fn stems_are_those_of_the_analyzer_and_texts_stand_apart() {
        let texts = [
            "Des marchés publics réservés",
            "",
            "un sous-traitant, des marchés",
            "«»",
            "75231240-8",
        ];
        for analyzer in [Analyzer::default(), Analyzer::default().without(Rule::Stemming)] {
            let mut cutter = WordCutter::new(analyzer);
            let mut packed = String::new();
            push_stems(&mut packed, texts.map(|text| cutter.cut(text)).iter());
            let mut expected = Vec::new();
            let mut first = 0;
            for tokens in texts.map(|text| analyzer.analyze(text)) {
                let end = tokens.iter().map(|token| token.position + token.span).max();
                expected.extend(tokens.into_iter().map(|token| (first + token.position, token.stem)));
                first += end.unwrap_or_default() + 1;
            }
            assert_eq!(unpacked(&packed), expected);
        }
    }

    #[test]
    fn numbers_are_kept_once_and_take_their_places() {
        let mut cutter = WordCutter::new(Analyzer::default());
        let cut = [cutter.cut("Lot 2 des déchets")];
        let (mut stems, mut exact) = (String::new(), String::new());
        push_stems(&mut stems, cut.iter());
        push_exact(&mut exact, &cut);
        let places = |packed| -> Vec<_> { unpacked(packed).into_iter().map(|(place, _)| place).collect() };
        let words = |packed| -> Vec<_> { unpacked(packed).into_iter().map(|(_, word)| word).collect() };
        assert_eq!(
            (places(&stems), words(&exact)),
            (vec![0, 1, 2, 3], ["lot", "des", "dechets"].map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn words_are_placed_where_a_case_has_other_forms_of_them() {
        for (texts, expected) in [
            (&["Marché de tri", "Tri des cartons"][..], &[("de", 1), ("des", 5)][..]),
            (
                &["Un marché", "", "12 marchés, un sous-traitant", "3 marché 12"],
                &[("marché", 1), ("marchés", 5), ("marché", 11)],
            ),
            (&["Tri du tri", "Le tri"], &[]),
            (&[], &[]),
        ] {
            let mut cutter = WordCutter::new(Analyzer::default());
            let cut: Vec<_> = texts.iter().chain(&["75231240"]).map(|text| cutter.cut(text)).collect();
            let mut packed = String::new();
            cutter.push_forms(&mut packed, cut.iter());
            let expected: Vec<_> = expected.iter().map(|(word, at)| (*at, (*word).to_owned())).collect();
            assert_eq!(unpacked(&packed), expected, "{texts:?}");
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
            let expected = rex_analysis::words(text);
            let expected: Vec<_> = expected
                .iter()
                .map(|word| (word.exact.as_str(), word.start..word.end, word.position))
                .collect();
            assert_eq!(words, expected, "{text}");
        }
    }
}
