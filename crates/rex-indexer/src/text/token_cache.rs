//! Caches the tokens of texts. A title is indexed in several fields and its phrases are counted; names, places and labels recur in record
//! after record.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::fast::{FixedState, RandomState};
use hashbrown::HashTable;
use rex_analysis::{Analyzer, Rule, TextSum, Token, WordVectors};

use crate::text::pretokenized::{push_increment, push_word};
use rex_index::schema::fields::is_number;

/// Capacity of the text cache in bytes. Names recur within the next records, and titles in those of other lots.
const MAX_BYTES: usize = 4 << 20;
/// Capacity of the stem cache in words. Few words make up most of all texts, so nearly all stems are found in it.
const MAX_STEMS: usize = 1 << 16;

/// Tokenizes texts, with a cache.
#[derive(Debug)]
pub(crate) struct WordCutter {
    analyzer: Analyzer,
    /// Stems and their numbers in the table of word vectors, by exact form.
    stems: HashMap<Box<str>, (Box<str>, Option<u16>)>,
    texts: HashTable<Arc<CutText>>,
    hashes: RandomState,
    bytes: usize,
    /// Buffer of [`Self::push_forms`].
    by_stem: Vec<StemOccurrence>,
}

/// A word of several texts: hash of its stem, index of its text, index in the text.
type StemOccurrence = (u32, u32, u32);

/// The words of one text.
#[derive(Debug)]
pub(crate) struct CutText {
    /// Four parts in one string, to save an allocation for each word: the text; its packed stems with positions; its packed exact forms
    /// without numbers and positions; all exact forms.
    all: String,
    /// Ends of the first three parts.
    ends: [u32; 3],
    words: Vec<CutWord>,
    /// Position of the last word.
    last: usize,
    /// Number of positions that all words take.
    positions: usize,
}

#[derive(Debug)]
struct CutWord {
    /// In [`CutText::all`].
    exact: Range<u32>,
    /// In the text.
    written: Range<u32>,
    position: u32,
    span: u32,
    stem_hash: u32,
    /// Its number in the table of word vectors.
    vector: Option<u16>,
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
    /// Tokenizes a text of less than 4 GiB without stemming, which is slow: each word is its own stem.
    pub(crate) fn unstemmed(analyzer: Analyzer, text: &str) -> Self {
        let tokens = analyzer.without(Rule::Stemming).analyze(text);
        Self::of(text, &tokens, std::iter::repeat(None))
    }

    /// `vectors` are the numbers of the tokens in the table of word vectors.
    fn of(text: &str, tokens: &[Token], vectors: impl IntoIterator<Item = Option<u16>>) -> Self {
        // Each packed word has a mark.
        let bytes = tokens.iter().map(|token| token.stem.len() + 2 * token.exact.len() + 2);
        let mut all = String::with_capacity(text.len() + bytes.sum::<usize>());
        all.push_str(text);
        let mut ends = [all.len() as u32; 3];
        let (mut last, mut positions) = (0, 0);
        for token in tokens {
            push_word(&mut all, token.position - last, &token.stem);
            last = token.position;
            positions = positions.max(token.position + token.span);
        }
        ends[1] = all.len() as u32;
        for token in tokens.iter().filter(|token| !is_number(&token.exact)) {
            push_word(&mut all, 0, &token.exact);
        }
        ends[2] = all.len() as u32;
        let words = tokens.iter().zip(vectors).map(|(token, vector)| {
            let start = all.len() as u32;
            all.push_str(&token.exact);
            CutWord {
                exact: start..all.len() as u32,
                written: token.start as u32..token.end as u32,
                position: token.position as u32,
                span: token.span as u32,
                stem_hash: FixedState::default().hash_one(&token.stem) as u32,
                vector,
            }
        });
        Self {
            words: words.collect(),
            all,
            ends,
            last,
            positions,
        }
    }

    /// Memory in bytes.
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

    /// All exact forms without numbers, packed.
    fn written(&self) -> &str {
        &self.all[self.ends[1] as usize..self.ends[2] as usize]
    }

    /// One word per position, its first reading without compounds, as [`rex_analysis::words`] returns them.
    pub(crate) fn simple_words(&self) -> impl Iterator<Item = WordOfText<'_>> {
        self.first_readings().map(|word| WordOfText {
            exact: self.exact(word),
            start: word.written.start as usize,
            end: word.written.end as usize,
            position: word.position as usize,
        })
    }

    fn first_readings(&self) -> impl Iterator<Item = &CutWord> {
        let mut last = None;
        let simple = self.words.iter().filter(|word| word.span == 1);
        simple.filter(move |word| last.replace(word.position) != Some(word.position))
    }

    /// Adds the vectors of the words, one for each position, to those of other texts.
    pub(crate) fn add_vectors(&self, sum: &mut TextSum<'_>) {
        self.first_readings()
            .filter_map(|word| word.vector)
            .for_each(|number| sum.add(number));
    }

    fn exact(&self, word: &CutWord) -> &str {
        &self.all[word.exact.start as usize..word.exact.end as usize]
    }
}

/// Packs the stems of the texts of a field with positions. One position is left free between two texts, so that no phrase matches across
/// them.
pub(crate) fn push_stems<'a>(packed: &mut String, texts: impl Iterator<Item = &'a Arc<CutText>>) {
    let mut last = 0;
    for (first, text) in positioned(texts) {
        if !text.words.is_empty() {
            push_increment(packed, first - last);
            packed.push_str(text.stems());
            last = first + text.last;
        }
    }
}

/// Packs the exact forms of texts without numbers and positions.
pub(crate) fn push_exact(packed: &mut String, texts: &[Arc<CutText>]) {
    texts.iter().for_each(|text| packed.push_str(text.written()));
}

/// The texts of a field, each with its first position.
fn positioned<'a>(texts: impl Iterator<Item = &'a Arc<CutText>>) -> impl Iterator<Item = (usize, &'a CutText)> {
    texts.scan(0, |next, text| {
        let first = *next;
        *next += text.positions + 1;
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

    /// The tokens of a text, from the cache if possible.
    pub(crate) fn cut(&mut self, text: &str) -> Arc<CutText> {
        let hash = self.hashes.hash_one(text);
        if let Some(words) = self.texts.find(hash, |known| known.text() == text) {
            return Arc::clone(words);
        }
        let mut tokens = self.analyzer.without(Rule::Stemming).analyze(text);
        let vectors: Vec<_> = tokens.iter_mut().map(|token| self.stem(token)).collect();
        let words = Arc::new(CutText::of(text, &tokens, vectors));
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

    /// Packs, with positions, the exact forms of the texts of a field whose stem has another form in these texts; numbers are left out.
    ///
    /// Stems are indexed with positions, exact forms without. If a form is as frequent in a document as its stem, they have the same
    /// positions. If the document has *marché* and *marchés*, this field stores the positions of both: a tenth of the size of positions
    /// for all forms. Two stems with equal hashes only add superfluous words.
    pub(crate) fn push_forms<'a>(&mut self, packed: &mut String, texts: impl Iterator<Item = &'a Arc<CutText>>) {
        let texts: Vec<_> = positioned(texts).collect();
        let words = || {
            let texts = texts.iter().zip(0..);
            texts.flat_map(|((_, text), at)| {
                text.words
                    .iter()
                    .zip(0..)
                    .map(move |(word, index)| (word.stem_hash, at, index))
            })
        };
        let word = |(_, text, index): StemOccurrence| {
            let (first, text) = texts[text as usize];
            let word = &text.words[index as usize];
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
        for (position, exact) in words()
            .filter(|(stem, ..)| several.binary_search(stem).is_ok())
            .map(word)
        {
            if !is_number(exact) {
                push_word(packed, position - last, exact);
                last = position;
            }
        }
    }

    /// Stems a token, and returns its number in the table of word vectors.
    fn stem(&mut self, token: &mut Token) -> Option<u16> {
        if let Some((stem, vector)) = self.stems.get(token.exact.as_str()) {
            token.stem.clear();
            token.stem.push_str(stem);
            return *vector;
        }
        token.stem = self.analyzer.stem(&token.exact);
        let vector = WordVectors::shipped().number(&token.stem);
        if self.stems.len() == MAX_STEMS {
            self.stems.clear();
        }
        self.stems
            .insert(token.exact.as_str().into(), (token.stem.as_str().into(), vector));
        vector
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::pretokenized::unpacked;

    #[test]
    fn stems_are_those_of_the_analyzer_and_texts_are_apart() {
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
    fn numbers_are_indexed_as_stems_only() {
        let mut cutter = WordCutter::new(Analyzer::default());
        let cut = [cutter.cut("Lot 2 des déchets")];
        let (mut stems, mut exact) = (String::new(), String::new());
        push_stems(&mut stems, cut.iter());
        push_exact(&mut exact, &cut);
        let positions = |packed| -> Vec<_> { unpacked(packed).into_iter().map(|(position, _)| position).collect() };
        let words = |packed| -> Vec<_> { unpacked(packed).into_iter().map(|(_, word)| word).collect() };
        assert_eq!(
            (positions(&stems), words(&exact)),
            (vec![0, 1, 2, 3], ["lot", "des", "dechets"].map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn forms_have_positions_if_their_stem_has_several() {
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
    fn simple_words_are_the_first_readings() {
        for text in [
            "salarié·es de l'ESAT",
            "MARCHE",
            "un sous-traitant",
            "St-Étienne 75231240-8",
            "",
        ] {
            let cut = WordCutter::new(Analyzer::default()).cut(text);
            let words: Vec<_> = cut
                .simple_words()
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
