//! Where words are in a case that says several forms of one stem.
//!
//! Stems are kept with their places, words as they are written without: where a case has a word as often as its stem, each place of
//! the stem is one of the word. Where it has *marché* and *marchés*, the place of either is kept too, in a field that holds such
//! words only: a tenth of what the places of all words take.

use std::fmt::Write;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::document::ZoneTexts;
use crate::schema::is_number;
use crate::words::{CutText, WordCutter};

/// Tokenizer of the field.
pub(crate) const FORMS: &str = "forms";

/// The texts of a case as one, each after its length in bytes: a tokenizer is told of one text at a time.
pub(crate) fn packed(texts: &ZoneTexts<'_>) -> String {
    let mut packed = String::new();
    for text in texts.words.iter().chain(&texts.numbers) {
        let _ = write!(packed, "{} {text}", text.len());
    }
    packed
}

fn unpacked(mut packed: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (length, rest) = packed.split_once(' ')?;
        let (text, rest) = rest.split_at_checked(length.parse().ok()?)?;
        packed = rest;
        Some(text)
    })
}

/// Finds the words of the field in the texts of a case.
#[derive(Clone)]
pub(crate) struct FormsTokenizer {
    pub(crate) cutter: WordCutter,
}

impl Tokenizer for FormsTokenizer {
    type TokenStream<'a> = Forms;

    fn token_stream(&mut self, packed: &str) -> Forms {
        let texts: Vec<_> = unpacked(packed).map(|text| self.cutter.cut(text)).collect();
        Forms {
            found: forms(&texts).into_iter(),
            texts,
            current: Token::default(),
        }
    }
}

/// A word of texts.
struct PlacedWord {
    /// The rank of its text, and its own there.
    text: usize,
    rank: usize,
    /// Its place in all the texts.
    place: usize,
}

/// The words that share their stem with another word, but for numbers: those are looked for by their stems.
fn forms(texts: &[Arc<CutText>]) -> Vec<PlacedWord> {
    let words = || texts.iter().flat_map(|text| text.iter());
    // The first form of each stem, as long as there is no other.
    let mut only: HashMap<&str, Option<&str>> = HashMap::with_capacity(words().count());
    let mut are_several = false;
    for word in words() {
        let form = only.entry(word.stem).or_insert(Some(word.exact));
        if form.is_some_and(|form| form != word.exact) {
            *form = None;
            are_several = true;
        }
    }
    let mut found = Vec::new();
    if !are_several {
        return found;
    }
    let mut first = 0;
    for (text, words) in texts.iter().enumerate() {
        let mut end = first;
        for (rank, word) in words.iter().enumerate() {
            let place = first + word.position;
            end = end.max(place + word.span);
            if !is_number(word.exact) && only.get(word.stem).is_some_and(Option::is_none) {
                found.push(PlacedWord { text, rank, place });
            }
        }
        // As the engine places the stems: it leaves one place between two texts.
        first = end + 1;
    }
    found
}

/// The words of the field.
pub(crate) struct Forms {
    texts: Vec<Arc<CutText>>,
    found: std::vec::IntoIter<PlacedWord>,
    current: Token,
}

impl TokenStream for Forms {
    fn advance(&mut self) -> bool {
        let next = self.found.next();
        let next = next.and_then(|found| Some((self.texts.get(found.text)?.get(found.rank)?, found.place)));
        let Some((word, place)) = next else {
            return false;
        };
        self.current.position = place;
        self.current.text.clear();
        self.current.text.push_str(word.exact);
        true
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

#[cfg(test)]
mod tests {
    use rex_analysis::Analyzer;

    use super::*;

    /// What the field holds of a case with these texts and a code.
    fn held(words: &[&str]) -> Vec<(String, usize)> {
        let texts = ZoneTexts {
            words: words.iter().map(|text| (*text).into()).collect(),
            numbers: vec!["75231240".into()],
        };
        let cutter = WordCutter::new(Analyzer::default());
        let mut found = Vec::new();
        FormsTokenizer { cutter }
            .token_stream(&packed(&texts))
            .process(&mut |token| found.push((token.text.clone(), token.position)));
        found
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
            let expected: Vec<_> = expected.iter().map(|(word, at)| ((*word).to_owned(), *at)).collect();
            assert_eq!(held(texts), expected, "{texts:?}");
        }
    }
}
