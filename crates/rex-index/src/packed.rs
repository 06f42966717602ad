//! Words on their way to the engine. It takes texts and has them cut where it writes, on the one thread that most of a build waits
//! for; so texts are cut before, and a field is given its words as one text from which they are only read.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

/// Names of the tokenizers of fields: what a field holds, as each reads packed words. The schema names them.
pub(crate) const EXACT: &str = "exact";
pub(crate) const STEM: &str = "stem";
pub(crate) const FORMS: &str = "forms";

/// Places that one mark stands for at the most. The character after it is U+001F: in no word.
const MOST_PLACES: usize = 30;

/// Makes the tokenizers known under the names that the schema gives them.
pub(crate) fn register(manager: &TokenizerManager) {
    for name in [EXACT, STEM, FORMS] {
        manager.register(name, PackedTokenizer);
    }
}

/// Words and their places: before each word control characters, which no word has, for how far it is from the one before. U+0001 is
/// no place further, U+0002 one, and so on; several are added up.
#[derive(Debug)]
pub(crate) struct PackedWords {
    text: String,
    /// Of the last word.
    place: usize,
}

impl PackedWords {
    /// None yet, with room for some.
    pub(crate) fn new() -> Self {
        /// Of a contract.
        const USUAL: usize = 1 << 10;
        Self {
            text: String::with_capacity(USUAL),
            place: 0,
        }
    }

    /// Packs other words instead of those before: in the order of their places.
    pub(crate) fn pack<'a>(&mut self, words: impl Iterator<Item = (usize, &'a str)>) -> &str {
        self.text.clear();
        self.place = 0;
        words.for_each(|(place, word)| self.add(place, word));
        &self.text
    }

    fn add(&mut self, place: usize, word: &str) {
        debug_assert!(place >= self.place && !word.is_empty());
        let mut further = place.saturating_sub(self.place);
        self.place = place;
        loop {
            let marked = further.min(MOST_PLACES);
            self.text.push(char::from(marked as u8 + 1));
            further -= marked;
            if further == 0 {
                break;
            }
        }
        self.text.push_str(word);
    }
}

/// How far a word is from the one before, by a byte of the marks before it.
fn places(byte: u8) -> Option<usize> {
    let places = usize::from(byte.checked_sub(1)?);
    (places <= MOST_PLACES).then_some(places)
}

#[derive(Clone)]
struct PackedTokenizer;

impl Tokenizer for PackedTokenizer {
    type TokenStream<'a> = Unpacked<'a>;

    fn token_stream<'a>(&'a mut self, packed: &'a str) -> Unpacked<'a> {
        Unpacked {
            rest: packed,
            current: Token {
                position: 0,
                ..Token::default()
            },
        }
    }
}

/// The words, one after the other. Their bytes in the text are left at 0: nobody reads them from an index.
struct Unpacked<'a> {
    rest: &'a str,
    current: Token,
}

impl TokenStream for Unpacked<'_> {
    fn advance(&mut self) -> bool {
        let bytes = self.rest.as_bytes();
        let further = bytes.iter().map_while(|byte| places(*byte));
        let (marks, further) = further.fold((0, 0), |(marks, all), places| (marks + 1, all + places));
        let word = &self.rest[marks..];
        if word.is_empty() {
            return false;
        }
        let end = word.bytes().position(|byte| places(byte).is_some());
        let (word, rest) = word.split_at(end.unwrap_or(word.len()));
        self.rest = rest;
        self.current.position += further;
        self.current.text.clear();
        self.current.text.push_str(word);
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
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_read_as_they_were_packed(
            words in proptest::collection::vec((prop_oneof![0..3_usize, 0..200_usize], "[a-z0-9éŉ가]{1,5}"), 0..20),
        ) {
            let mut place = 0;
            let words: Vec<_> = words
                .into_iter()
                .map(|(further, word)| {
                    place += further;
                    (place, word)
                })
                .collect();
            let mut packed = PackedWords::new();
            packed.pack([(1, "autre")].into_iter());
            let packed = packed.pack(words.iter().map(|(place, word)| (*place, word.as_str())));
            let mut read = Vec::new();
            PackedTokenizer
                .token_stream(packed)
                .process(&mut |token| read.push((token.position, token.text.clone())));
            prop_assert_eq!(read, words);
        }
    }
}
