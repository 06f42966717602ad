//! The postings of a phrase in a segment.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use crate::scoring::seek::seek;

/// The documents that hold the words of a phrase, at least one, one after the other.
pub(crate) struct PhrasePostings {
    words: Vec<PhraseWord>,
    /// The positions at which the phrase begins in the current document.
    starts: Vec<u32>,
    /// Buffer for the positions of the stem of the first word there.
    stem_positions: Vec<u32>,
}

/// A word of a phrase.
///
/// Positions are indexed by stem. The word as written has the same positions where it is as frequent as its stem; where a document has
/// other forms too, the positions of each form are in a field of their own.
pub(crate) struct PhraseWord {
    /// Distance from the first word of the phrase.
    distance: u32,
    /// The postings of the word as written, and its positions in documents that have other forms too; `None` if any form will do.
    written: Option<(SegmentPostings, Option<SegmentPostings>)>,
    /// The postings of its stem.
    stem: SegmentPostings,
    /// Its positions in the current document.
    positions: Vec<u32>,
    /// Whether that document has other forms of the stem too.
    has_other_forms: bool,
}

impl PhraseWord {
    /// `stem` with positions; `written`, if the form matters, with frequencies, and with positions in the documents that have other
    /// forms.
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

    /// The postings that are followed.
    fn leading(&self) -> &SegmentPostings {
        self.written.as_ref().map_or(&self.stem, |(written, _)| written)
    }

    fn leading_mut(&mut self) -> &mut SegmentPostings {
        self.written.as_mut().map_or(&mut self.stem, |(written, _)| written)
    }

    /// Reads its positions in its current document.
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

/// Reads the positions in a document; none if it does not hold the word.
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

    /// The positions at which it begins in the current document, in order, and those of the stem of its first word there.
    pub(crate) fn positions(&mut self) -> (&[u32], &[u32]) {
        let document = self.doc();
        let first = &mut self.words[0];
        if !first.has_other_forms {
            return (&self.starts, &first.positions);
        }
        positions_in(&mut first.stem, document, &mut self.stem_positions);
        (&self.starts, &self.stem_positions)
    }

    /// Its frequency in the current document.
    pub(crate) fn frequency(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The number of words.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    fn first(&mut self) -> &mut SegmentPostings {
        self.words[0].leading_mut()
    }

    /// Moves on to the next document that holds it, the current one included.
    fn go_on(&mut self) -> DocId {
        loop {
            let document = self.doc();
            if document == TERMINATED {
                return TERMINATED;
            }
            let farthest = self.words.iter_mut().map(|word| seek(word.leading_mut(), document));
            // Each word is moved on, so no short-circuit here.
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
