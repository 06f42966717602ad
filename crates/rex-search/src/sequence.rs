//! Words one after the other, in the documents of a segment.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use crate::occurrences::seek;

/// The documents that hold words one after the other; at least one word.
pub(crate) struct Sequence {
    words: Vec<SequenceWord>,
    /// The places where the sequence begins in the document it is at.
    starts: Vec<u32>,
}

/// A word of a sequence.
///
/// Every document has the places of its stem. Those of the word as it is written are the same where it is as frequent as its stem,
/// and kept apart where the document has other words of the stem too.
pub(crate) struct SequenceWord {
    /// Places from the first word of the sequence.
    distance: u32,
    /// How often documents hold the word as it is written, and where, in those that have other forms of it; `None` where any form
    /// of it will do.
    written: Option<(SegmentPostings, Option<SegmentPostings>)>,
    /// Where documents hold its stem.
    stem: SegmentPostings,
    /// Where the document the sequence is at holds the stem, and where the word.
    places_of_stem: Vec<u32>,
    places: Vec<u32>,
}

impl SequenceWord {
    /// A word by the postings of its stem, with places, and where it matters how it is written by its own: with frequencies, and
    /// with places in the documents that have other forms of it.
    pub(crate) fn new(
        distance: u32,
        written: Option<(SegmentPostings, Option<SegmentPostings>)>,
        stem: SegmentPostings,
    ) -> Self {
        Self {
            distance,
            written,
            stem,
            places_of_stem: Vec::new(),
            places: Vec::new(),
        }
    }

    /// What leads from one document to the next.
    fn leading(&self) -> &SegmentPostings {
        self.written.as_ref().map_or(&self.stem, |(written, _)| written)
    }

    fn leading_mut(&mut self) -> &mut SegmentPostings {
        self.written.as_mut().map_or(&mut self.stem, |(written, _)| written)
    }

    /// Reads where it is in the document that it leads to.
    fn read(&mut self) {
        let document = self.leading().doc();
        places_in(&mut self.stem, document, &mut self.places_of_stem);
        match &mut self.written {
            Some((written, forms)) if written.term_freq() as usize != self.places_of_stem.len() => match forms {
                Some(forms) => places_in(forms, document, &mut self.places),
                None => self.places.clear(),
            },
            _ => self.places.clone_from(&self.places_of_stem),
        }
    }
}

/// Reads the places in a document; none where it is not there.
fn places_in(postings: &mut SegmentPostings, document: DocId, places: &mut Vec<u32>) {
    if seek(postings, document) == document {
        postings.positions(places);
    } else {
        places.clear();
    }
}

impl Sequence {
    pub(crate) fn new(words: Vec<SequenceWord>) -> Self {
        let mut sequence = Self {
            words,
            starts: Vec::new(),
        };
        sequence.go_on();
        sequence
    }

    /// The places where it begins in the document it is at, in their order.
    pub(crate) fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// Where the stem of its first word is in that document.
    pub(crate) fn places_of_first_stem(&self) -> &[u32] {
        &self.words[0].places_of_stem
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    fn first(&mut self) -> &mut SegmentPostings {
        self.words[0].leading_mut()
    }

    /// From where it is, to the next document that holds it.
    fn go_on(&mut self) -> DocId {
        loop {
            let document = self.doc();
            if document == TERMINATED {
                return TERMINATED;
            }
            let farthest = self.words.iter_mut().map(|word| seek(word.leading_mut(), document));
            // All of them are moved on.
            let farthest = farthest.fold(document, DocId::max);
            if farthest > document {
                self.first().seek(farthest);
                continue;
            }
            self.read_starts();
            if !self.starts.is_empty() {
                return document;
            }
            self.first().advance();
        }
    }

    /// Finds where it begins in the document that all words are at.
    fn read_starts(&mut self) {
        self.starts.clear();
        for (rank, word) in self.words.iter_mut().enumerate() {
            word.read();
            if rank == 0 {
                self.starts.extend(&word.places);
            } else {
                let follows = |start: &u32| word.places.binary_search(&(start + word.distance)).is_ok();
                self.starts.retain(follows);
            }
            if self.starts.is_empty() {
                return;
            }
        }
    }
}

impl DocSet for Sequence {
    fn advance(&mut self) -> DocId {
        self.first().advance();
        self.go_on()
    }

    fn seek(&mut self, document: DocId) -> DocId {
        if document > self.doc() {
            self.first().seek(document);
            return self.go_on();
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.words[0].leading().doc()
    }

    fn size_hint(&self) -> u32 {
        let words = self.words.iter().map(|word| word.leading().size_hint());
        words.fold(u32::MAX, u32::min)
    }
}
