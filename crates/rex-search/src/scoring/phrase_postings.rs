//! Words one after the other, in the documents of a segment.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use crate::scoring::seek::seek;

/// The documents that hold words one after the other; at least one word.
pub(crate) struct PhrasePostings {
    words: Vec<PhraseWord>,
    /// The places where the sequence begins in the document it is at.
    starts: Vec<u32>,
    /// Room for those of the stem of the first word there.
    stem_positions: Vec<u32>,
}

/// A word of a sequence.
///
/// Every document has the places of its stem. Those of the word as it is written are the same where it is as frequent as its stem,
/// and kept apart where the document has other words of the stem too.
pub(crate) struct PhraseWord {
    /// Places from the first word of the sequence.
    distance: u32,
    /// How often documents hold the word as it is written, and where, in those that have other forms of it; `None` where any form
    /// of it will do.
    written: Option<(SegmentPostings, Option<SegmentPostings>)>,
    /// Where documents hold its stem.
    stem: SegmentPostings,
    /// Where the document the sequence is at holds it.
    positions: Vec<u32>,
    /// Whether that document holds other words of its stem too.
    has_other_forms: bool,
}

impl PhraseWord {
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
            positions: Vec::new(),
            has_other_forms: false,
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
        seek(&mut self.stem, document);
        let written = self.written.as_ref();
        self.has_other_forms = written.is_some_and(|(written, _)| written.term_freq() != self.stem.term_freq());
        let with_positions = match &mut self.written {
            Some((_, forms)) if self.has_other_forms => forms.as_mut(),
            _ => Some(&mut self.stem),
        };
        match with_positions {
            Some(postings) => positions_in(postings, document, &mut self.positions),
            None => self.positions.clear(),
        }
    }
}

/// Reads the places in a document; none where it is not there.
fn positions_in(postings: &mut SegmentPostings, document: DocId, positions: &mut Vec<u32>) {
    if seek(postings, document) == document {
        postings.positions(positions);
    } else {
        positions.clear();
    }
}

impl PhrasePostings {
    pub(crate) fn new(words: Vec<PhraseWord>) -> Self {
        let mut phrase = Self {
            words,
            starts: Vec::new(),
            stem_positions: Vec::new(),
        };
        phrase.go_on();
        phrase
    }

    /// The places where it begins in the document it is at, in their order, and those of the stem of its first word there.
    pub(crate) fn positions(&mut self) -> (&[u32], &[u32]) {
        let document = self.doc();
        let first = &mut self.words[0];
        if !first.has_other_forms {
            return (&self.starts, &first.positions);
        }
        positions_in(&mut first.stem, document, &mut self.stem_positions);
        (&self.starts, &self.stem_positions)
    }

    /// How often the document it is at holds it.
    pub(crate) fn frequency(&self) -> u32 {
        self.starts.len() as u32
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
                self.starts.extend(&word.positions);
            } else {
                let follows = |start: &u32| word.positions.binary_search(&(start + word.distance)).is_ok();
                self.starts.retain(follows);
            }
            if self.starts.is_empty() {
                return;
            }
        }
    }
}

impl DocSet for PhrasePostings {
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
