//! Words on their way to the engine. It takes texts and has them cut where it writes, on the one thread that most of a build waits
//! for; so texts are cut before, and a field is given its words as one text from which they are only read.

use rex_index::schema::fields::{EXACT, FORMS, STEM};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

/// Places that one mark stands for at the most. The character after it is U+001F: in no word.
const MOST_PLACES: usize = 30;

/// Makes the tokenizers known under the names that the schema gives them.
pub(crate) fn register(manager: &TokenizerManager, backpressure: &Arc<Backpressure>) {
    for name in [EXACT, STEM, FORMS] {
        let backpressure = Arc::clone(backpressure);
        manager.register(name, PackedTokenizer { backpressure });
    }
}

/// Adds a word, so many places further than the one before. It is not empty.
///
/// Before it stand control characters, which no word has, for how far that is: U+0001 is no place further, U+0002 one, and so on.
pub(crate) fn push_word(packed: &mut String, further: usize, word: &str) {
    let last = further.min(MOST_PLACES);
    push_places(packed, further - last);
    packed.push(char::from(last as u8 + 1));
    packed.push_str(word);
}

/// Moves the words that come next so many places further: what stands before a word is added up.
pub(crate) fn push_places(packed: &mut String, mut further: usize) {
    while further > 0 {
        let marked = further.min(MOST_PLACES);
        packed.push(char::from(marked as u8 + 1));
        further -= marked;
    }
}

/// Bytes of words on their way. Who brings them waits where they are many: the engine takes no notice of how long documents are, and
/// thousands of them wait when it writes a segment.
#[derive(Debug, Default)]
pub(crate) struct Backpressure {
    bytes: Mutex<usize>,
    fewer: Condvar,
}

impl Backpressure {
    const MOST: usize = 8 << 20;
    /// After which who brings them goes on all the same: the engine may have failed, which it only says then.
    const LONGEST: Duration = Duration::from_secs(1);

    /// Waits until not too many are there, and adds some.
    pub(crate) fn add(&self, bytes: usize) {
        let waiting = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .fewer
            .wait_timeout_while(waiting, Self::LONGEST, |waiting| *waiting > Self::MOST);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *waiting += bytes;
    }

    fn take(&self, bytes: usize) {
        let mut waiting = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *waiting;
        *waiting = before.saturating_sub(bytes);
        if before > Self::MOST && *waiting <= Self::MOST {
            self.fewer.notify_all();
        }
    }
}

/// How far a word is from the one before, by a byte of the marks before it.
fn places(byte: u8) -> Option<usize> {
    let places = usize::from(byte.checked_sub(1)?);
    (places <= MOST_PLACES).then_some(places)
}

#[derive(Clone)]
struct PackedTokenizer {
    backpressure: Arc<Backpressure>,
}

impl Tokenizer for PackedTokenizer {
    type TokenStream<'a> = Unpacked<'a>;

    fn token_stream<'a>(&'a mut self, packed: &'a str) -> Unpacked<'a> {
        self.backpressure.take(packed.len());
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

/// All words and their places.
#[cfg(test)]
pub(crate) fn unpacked(packed: &str) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    let backpressure = Arc::default();
    PackedTokenizer { backpressure }
        .token_stream(packed)
        .process(&mut |token| words.push((token.position, token.text.clone())));
    words
}

#[cfg(test)]
mod tests {
    use std::thread;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_read_as_they_were_packed(
            steps in proptest::collection::vec((prop_oneof![0..3_usize, 0..200_usize], "[a-z0-9éŉ가]{1,5}"), 0..20),
            further in 0..100_usize,
        ) {
            let mut packed = String::new();
            push_places(&mut packed, further);
            let mut words = Vec::new();
            let mut place = further;
            for (further, word) in steps {
                push_word(&mut packed, further, &word);
                place += further;
                words.push((place, word));
            }
            prop_assert_eq!(unpacked(&packed), words);
        }
    }

    #[test]
    fn who_brings_words_waits_until_they_are_taken() {
        let backpressure = Backpressure::default();
        backpressure.add(Backpressure::MOST + 10);
        thread::scope(|scope| {
            let brought = scope.spawn(|| backpressure.add(1));
            backpressure.take(10);
            brought.join().unwrap();
        });
        assert_eq!(*backpressure.bytes.lock().unwrap(), Backpressure::MOST + 1);
        backpressure.add(1);
        assert_eq!(
            *backpressure.bytes.lock().unwrap(),
            Backpressure::MOST + 2,
            "nobody takes them any more"
        );
    }
}
