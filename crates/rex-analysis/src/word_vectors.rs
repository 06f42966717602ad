//! The table of word vectors: `data/vectors.bin`, which `cargo xtask vectors` learns from the texts named in its first line.
//!
//! Words that occur beside the same words have near vectors: *toiture* and *étanchéité*. The vector of a text is the sum of those of
//! its words, each times the weight of the word, which is small for frequent words.
//!
//! Format, all numbers little-endian: a line with source, licence and parameters; format version, [`ANALYZER_VERSION`], dimensions,
//! number of words and size of the keys in bytes, as `u32`; the keys (as [`crate::Token::stem`]), each with a line break, sorted by
//! their bytes; then for each word its weight and the factor of its components as `i16`, 32,767 for 1, and its components as `i8`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use foldhash::HashMap;

use crate::ANALYZER_VERSION;
use crate::text_vector::{DIMENSIONS, RecordVector, TextVector, cosine};

/// Version of the file format.
const FORMAT: u32 = 1;
/// Numbers after the first line.
const NUMBERS: usize = 5;
/// Weight, factor and components of a word.
const WORD_BYTES: usize = 4 + DIMENSIONS;
/// Fixed-point 1 of weights and factors.
const ONE: i16 = i16::MAX;
/// Number of words whose sum fits in 32 bits, which is faster than 64: 256 * 32,767 * 127 is below 2^31.
const WORDS_OF_PART: usize = 256;

static SHIPPED: LazyLock<WordVectors> =
    LazyLock::new(|| WordVectors::read(include_bytes!("data/vectors.bin")).unwrap_or_default());

/// The vector of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordVector {
    /// Weight of the word in a text, [`ONE`] for 1.
    weight: i16,
    /// What a component of 127 adds to a text; [`ONE`] for 1.
    factor: i16,
    components: [i8; DIMENSIONS],
}

impl WordVector {
    /// Quantizes a vector, whose components and weight are at most 1. `None` if it is zero.
    pub fn quantized(weight: f64, vector: &[f64; DIMENSIONS]) -> Option<Self> {
        let largest = vector.iter().fold(0.0, |max: f64, x| max.max(x.abs()));
        if largest == 0.0 || weight <= 0.0 {
            return None;
        }
        let steps = f64::from(i8::MAX);
        let fixed = |x: f64| (x * f64::from(ONE)).round() as i16;
        Some(Self {
            weight: fixed(weight).max(1),
            factor: fixed(weight * largest).max(1),
            components: vector.map(|x| (x / largest * steps).round() as i8),
        })
    }

    /// Weight of the word in a text, from 0 to 1.
    pub fn weight(&self) -> f32 {
        f32::from(self.weight) / f32::from(ONE)
    }

    fn read(bytes: &[u8; WORD_BYTES]) -> Self {
        let mut components = [0; DIMENSIONS];
        for (to, byte) in components.iter_mut().zip(&bytes[4..]) {
            *to = *byte as i8;
        }
        Self {
            weight: i16::from_le_bytes([bytes[0], bytes[1]]),
            factor: i16::from_le_bytes([bytes[2], bytes[3]]),
            components,
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.weight.to_le_bytes());
        bytes.extend(self.factor.to_le_bytes());
        bytes.extend(self.components.map(|x| x as u8));
    }
}

/// Vectors of words by key. The default is empty: no text has a vector.
#[derive(Debug, Default)]
pub struct WordVectors {
    source: &'static str,
    /// The numbers of the words, in the order of their keys.
    numbers: HashMap<&'static str, u16>,
    words: &'static [[u8; WORD_BYTES]],
}

/// The sum of the vectors of the words of a text, while it is made.
#[derive(Debug)]
pub struct TextSum<'a> {
    table: &'a WordVectors,
    sum: [i64; DIMENSIONS],
    /// The words that are not in `sum` yet.
    part: [i32; DIMENSIONS],
    words_of_part: usize,
    /// Weight of the words that the table knows, and of all words.
    known: i64,
    all: i64,
}

impl TextSum<'_> {
    /// Adds the word with this number, see [`WordVectors::number`]; an unknown number adds nothing.
    pub fn add(&mut self, number: u16) {
        let Some(bytes) = self.table.words.get(usize::from(number)) else {
            return;
        };
        let word = WordVector::read(bytes);
        self.known += i64::from(word.weight);
        self.all += i64::from(word.weight);
        let factor = i32::from(word.factor);
        for (to, component) in self.part.iter_mut().zip(&word.components) {
            *to += factor * i32::from(*component);
        }
        self.words_of_part += 1;
        if self.words_of_part == WORDS_OF_PART {
            self.move_part();
        }
    }

    /// Adds a word that the table does not know: it has the largest weight, and lowers the coverage.
    pub fn add_unknown(&mut self) {
        self.all += i64::from(ONE);
    }

    /// The vector of the text; `None` if the table has none of its words.
    pub fn finish(mut self) -> Option<TextVector> {
        self.move_part();
        TextVector::of(&self.sum, self.known as f32 / self.all.max(1) as f32)
    }

    fn move_part(&mut self) {
        for (to, from) in self.sum.iter_mut().zip(&mut self.part) {
            *to += i64::from(std::mem::take(from));
        }
        self.words_of_part = 0;
    }
}

impl WordVectors {
    /// The shipped table.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Parses a file. `None` if it is damaged, or made for another analyzer.
    pub fn read(bytes: &'static [u8]) -> Option<Self> {
        let line = bytes.iter().position(|byte| *byte == b'\n')?;
        let source = std::str::from_utf8(&bytes[..line]).ok()?;
        let (numbers, bytes) = bytes[line + 1..].split_at_checked(NUMBERS * size_of::<u32>())?;
        let (numbers, _) = numbers.as_chunks();
        let [format, analyzer, dimensions, count, size] = numbers else {
            return None;
        };
        let number = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
        if (number(format), number(analyzer), number(dimensions)) != (FORMAT, ANALYZER_VERSION, DIMENSIONS as u32) {
            return None;
        }
        let (keys, vectors) = bytes.split_at_checked(number(size) as usize)?;
        let keys: Vec<_> = std::str::from_utf8(keys).ok()?.split_terminator('\n').collect();
        let (vectors, rest) = vectors.as_chunks();
        let is_whole = keys.len() == number(count) as usize && keys.len() == vectors.len() && rest.is_empty();
        if !is_whole || !keys.is_sorted_by(|a, b| a < b) || keys.len() > usize::from(u16::MAX) {
            return None;
        }
        Some(Self {
            source,
            numbers: keys.into_iter().zip(0..).collect(),
            words: vectors,
        })
    }

    /// Encodes a table.
    pub fn encode(source: &str, words: &BTreeMap<String, WordVector>) -> Vec<u8> {
        let keys: String = words.keys().flat_map(|key| [key, "\n"]).collect();
        let mut bytes = format!("{source}\n").into_bytes();
        for number in [
            FORMAT,
            ANALYZER_VERSION,
            DIMENSIONS as u32,
            words.len() as u32,
            keys.len() as u32,
        ] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(keys.into_bytes());
        words.values().for_each(|word| word.write(&mut bytes));
        bytes
    }

    /// Source, licence, date and parameters.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it has no words.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The vector of a word by its key, [`crate::Token::stem`].
    pub fn get(&self, key: &str) -> Option<WordVector> {
        let bytes = self.words.get(usize::from(self.number(key)?))?;
        Some(WordVector::read(bytes))
    }

    /// The number of a word by its key, below [`Self::len`].
    pub fn number(&self, key: &str) -> Option<u16> {
        self.numbers.get(key).copied()
    }

    /// An empty sum.
    pub fn sum(&self) -> TextSum<'_> {
        TextSum {
            table: self,
            sum: [0; DIMENSIONS],
            part: [0; DIMENSIONS],
            words_of_part: 0,
            known: 0,
            all: 0,
        }
    }

    /// The vector of a text by the keys of its words, one for each word, without stop words. `None` if the table has none of them.
    pub fn text<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> Option<TextVector> {
        let mut sum = self.sum();
        for key in keys {
            match self.number(key) {
                Some(number) => sum.add(number),
                None => sum.add_unknown(),
            }
        }
        sum.finish()
    }

    /// Cosine of two words. `None` if the table lacks one.
    pub fn cosine(&self, one: &str, other: &str) -> Option<f32> {
        Some(cosine(&self.get(one)?.components, &self.get(other)?.components))
    }

    /// The word nearest to a word among others, with their cosine; the first of several.
    pub fn nearest<'a>(&self, key: &str, among: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, f32)> {
        let word = self.get(key)?;
        let mut nearest: Option<(&str, f32)> = None;
        for other in among {
            let Some(vector) = self.get(other) else {
                continue;
            };
            let cosine = cosine(&word.components, &vector.components);
            if nearest.is_none_or(|(_, most)| cosine > most) {
                nearest = Some((other, cosine));
            }
        }
        nearest
    }

    /// What a word adds to the similarity of its text to a record: its weight times its cosine with the record. To explain why two
    /// records are near. `None` if the table lacks the word.
    pub fn affinity(&self, key: &str, record: &RecordVector) -> Option<f32> {
        let word = self.get(key)?;
        Some(word.weight() * cosine(&word.components, record.components()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Analyzer, is_stop_word, words};

    const SOURCE: &str = "Learned from nothing";

    /// A table of words with their weights and first two components.
    fn encoded(words: &[(&str, f64, [f64; 2])]) -> &'static [u8] {
        let words = words.iter().map(|(key, weight, first)| {
            let mut vector = [0.0; DIMENSIONS];
            vector[..2].copy_from_slice(first);
            let word = WordVector::quantized(*weight, &vector).expect("not zero");
            ((*key).to_owned(), word)
        });
        WordVectors::encode(SOURCE, &words.collect()).leak()
    }

    fn table() -> WordVectors {
        let bytes = encoded(&[
            ("tri", 1.0, [0.6, 0.8]),
            ("collect e", 0.5, [0.8, 0.6]),
            ("lot", 0.01, [-1.0, 0.0]),
        ]);
        WordVectors::read(bytes).expect("whole")
    }

    fn keys(text: &str) -> Vec<String> {
        let mut tokens = words(text);
        tokens.retain(|token| !is_stop_word(&token.exact));
        tokens.into_iter().map(|token| token.stem).collect()
    }

    fn text(text: &str) -> Option<TextVector> {
        WordVectors::shipped().text(keys(text).iter().map(String::as_str))
    }

    #[test]
    fn words_are_read_as_written() {
        let table = table();
        assert_eq!((table.source(), table.len(), table.is_empty()), (SOURCE, 3, false));
        assert!((table.get("collect e").expect("known").weight() - 0.5).abs() < 1e-4);
        assert_eq!(table.get("collect"), None);
        assert!((table.cosine("tri", "collect e").expect("known") - 0.96).abs() < 0.01);
        assert_eq!(table.cosine("tri", "unknown"), None);
    }

    #[test]
    fn a_text_is_the_weighted_sum_of_its_words() {
        let table = table();
        let both = table.text(["tri", "collect e"]).expect("known");
        assert_eq!(table.text(["collect e", "tri"]), Some(both));
        let expected = table.text(["tri"]).expect("known");
        // The sum is (1, 1.1).
        let cosine = (0.6 + 0.8 * 1.1) / (1.0_f32 + 1.1 * 1.1).sqrt();
        assert!((both.cosine(&expected) - cosine).abs() < 0.005);
        assert_eq!(table.text([]), None);
        assert_eq!(table.text(["unknown"]), None);
    }

    #[test]
    fn long_texts_do_not_overflow() {
        let table = table();
        let once = table.text(["lot", "tri", "collect e"]).expect("known");
        let often = ["lot", "tri", "collect e"].into_iter().cycle().take(3 * 100_000);
        assert_eq!(table.text(often), Some(once));
    }

    #[test]
    fn unknown_words_lower_the_coverage_only() {
        let table = table();
        let known = table.text(["tri"]).expect("known");
        let half = table.text(["unknown", "tri"]).expect("known");
        assert_eq!((known.coverage(), half.coverage()), (1.0, 0.5));
        assert!((known.cosine(&half) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn the_nearest_word_is_found() {
        let table = table();
        let nearest = |among: &[&'static str]| table.nearest("tri", among.iter().copied()).map(|(word, _)| word);
        assert_eq!(nearest(&["lot", "unknown", "collect e"]), Some("collect e"));
        assert_eq!(nearest(&["unknown"]), None);
        assert_eq!(table.nearest("unknown", ["tri"]), None);
        let record = RecordVector::of(table.text(["tri"]).as_ref(), None).expect("known");
        let affinity = |word| table.affinity(word, &record).expect("known");
        assert!(affinity("tri") > affinity("collect e") && affinity("collect e") > affinity("lot"));
    }

    #[test]
    fn damaged_tables_are_refused() {
        let whole = encoded(&[("lot", 1.0, [1.0, 0.0]), ("tri", 1.0, [0.0, 1.0])]);
        assert!(WordVectors::read(whole).is_some());
        for length in 0..whole.len() {
            assert!(WordVectors::read(&whole[..length]).is_none(), "{length} bytes");
        }
        let longer = [whole, &[0]].concat().leak();
        assert!(WordVectors::read(longer).is_none());
        let numbers = SOURCE.len() + 1;
        let keys = numbers + NUMBERS * size_of::<u32>();
        for byte in numbers..keys + 2 {
            let mut damaged = whole.to_vec();
            damaged[byte] ^= 0xff;
            assert!(WordVectors::read(damaged.leak()).is_none(), "byte {byte}");
        }
    }

    #[test]
    fn the_shipped_table_belongs_to_this_analyzer() {
        let table = WordVectors::shipped();
        assert!(table.len() > 10_000);
        assert!(table.source().contains("Licence Ouverte 2.0"));
        for (one, other) in [("cantine", "scolaire"), ("enrobé", "bitume"), ("toiture", "étanchéité")] {
            let (one, other) = (&keys(one)[0], &keys(other)[0]);
            assert!(
                table.cosine(one, other).is_some_and(|cosine| cosine > 0.5),
                "{one}, {other}"
            );
        }
        let stop_words = include_str!("data/stop_words.txt").lines();
        let stop_words = stop_words.filter(|line| !line.starts_with('#'));
        for word in stop_words.flat_map(str::split_whitespace) {
            assert_eq!(table.get(&Analyzer::default().stem(word)), None, "{word}");
        }
    }

    #[test]
    fn texts_on_one_subject_are_near() {
        let query = text("chauffage d'une école").expect("known");
        let near = text("Rénovation de la chaufferie du groupe scolaire").expect("known");
        let far = text("Élagage des arbres et tonte des pelouses").expect("known");
        assert!(query.cosine(&near) > query.cosine(&far) + 0.2);
        assert_eq!(text("le la les"), None);
        assert_eq!(text(""), None);
        let record = RecordVector::of(Some(&near), Some(&far)).expect("both");
        let mean = (query.cosine(&near) + query.cosine(&far)) / 2.0;
        assert!((record.similarity(&query) - mean).abs() < 0.005);
    }
}
