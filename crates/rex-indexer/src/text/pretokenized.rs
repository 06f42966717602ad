//! Pretokenized fields, packed into one string. tantivy tokenizes on its single indexing thread, the bottleneck of a build; here the
//! tokens are made beforehand, and its tokenizer only splits the string. tantivy's own `PreTokenizedString` costs more, because documents
//! hold it as JSON (figures in docs/PERFORMANCE.md).

use rex_index::schema::fields::{EXACT, FORMS, STEM};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

/// Largest position increment of one mark, whose character is U+001F; no word contains control characters.
const MAX_INCREMENT: usize = 30;

/// Registers the tokenizers under the names in the schema.
pub(crate) fn register(manager: &TokenizerManager, backpressure: &Arc<Backpressure>) {
    for name in [EXACT, STEM, FORMS] {
        let backpressure = Arc::clone(backpressure);
        manager.register(name, PackedTokenizer { backpressure });
    }
}

/// Appends a word, which must not be empty, with its position increment.
///
/// The increment precedes the word as control characters: U+0001 means 0, U+0002 means 1, and so on. Several marks add up.
pub(crate) fn push_word(packed: &mut String, increment: usize, word: &str) {
    let last = increment.min(MAX_INCREMENT);
    push_increment(packed, increment - last);
    packed.push(char::from(last as u8 + 1));
    packed.push_str(word);
}

/// Adds to the position increment of the next word.
pub(crate) fn push_increment(packed: &mut String, mut increment: usize) {
    while increment > 0 {
        let marked = increment.min(MAX_INCREMENT);
        packed.push(char::from(marked as u8 + 1));
        increment -= marked;
    }
}

/// Bounds the bytes of packed words in tantivy's queue. tantivy queues up to ten thousand documents of any length, and they pile up while it
/// writes a segment.
#[derive(Debug, Default)]
pub(crate) struct Backpressure {
    queued: Mutex<usize>,
    drained: Condvar,
}

impl Backpressure {
    const MAX_QUEUED: usize = 8 << 20;
    /// Longest wait. tantivy may have failed, and reports that only when the next document is added.
    const MAX_WAIT: Duration = Duration::from_secs(1);

    /// Blocks while the queue is full, then adds to it.
    pub(crate) fn add(&self, bytes: usize) {
        let queued = self.queued.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .drained
            .wait_timeout_while(queued, Self::MAX_WAIT, |queued| *queued > Self::MAX_QUEUED);
        let (mut queued, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *queued += bytes;
    }

    /// Removes from the queue.
    fn take(&self, bytes: usize) {
        let mut queued = self.queued.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *queued;
        *queued = before.saturating_sub(bytes);
        if before > Self::MAX_QUEUED && *queued <= Self::MAX_QUEUED {
            self.drained.notify_all();
        }
    }
}

/// The position increment of a mark; `None` for a byte of a word.
fn increment(byte: u8) -> Option<usize> {
    let increment = usize::from(byte.checked_sub(1)?);
    (increment <= MAX_INCREMENT).then_some(increment)
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

/// The words in sequence. Their byte offsets stay 0: the index does not store offsets.
struct Unpacked<'a> {
    rest: &'a str,
    current: Token,
}

impl TokenStream for Unpacked<'_> {
    fn advance(&mut self) -> bool {
        let bytes = self.rest.as_bytes();
        let increments = bytes.iter().map_while(|byte| increment(*byte));
        let (marks, increments) = increments.fold((0, 0), |(marks, sum), increment| (marks + 1, sum + increment));
        let word = &self.rest[marks..];
        if word.is_empty() {
            return false;
        }
        let end = word.bytes().position(|byte| increment(byte).is_some());
        let (word, rest) = word.split_at(end.unwrap_or(word.len()));
        self.rest = rest;
        self.current.position += increments;
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

/// All words and their positions.
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
            first in 0..100_usize,
        ) {
            let mut packed = String::new();
            push_increment(&mut packed, first);
            let mut words = Vec::new();
            let mut position = first;
            for (increment, word) in steps {
                push_word(&mut packed, increment, &word);
                position += increment;
                words.push((position, word));
            }
            prop_assert_eq!(unpacked(&packed), words);
        }
    }

    #[test]
    fn a_full_queue_blocks_until_it_is_drained() {
        let backpressure = Backpressure::default();
        backpressure.add(Backpressure::MAX_QUEUED + 10);
        thread::scope(|scope| {
            let added = scope.spawn(|| backpressure.add(1));
            backpressure.take(10);
            added.join().unwrap();
        });
        assert_eq!(*backpressure.queued.lock().unwrap(), Backpressure::MAX_QUEUED + 1);
        backpressure.add(1);
        assert_eq!(
            *backpressure.queued.lock().unwrap(),
            Backpressure::MAX_QUEUED + 2,
            "after the longest wait"
        );
    }
}
