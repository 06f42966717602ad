//! Where a word, or words one after the other, are in the documents of a segment, and how often.

use rex_index::Zone;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

/// How often something is said, in each zone, in their order.
pub(crate) type Counts = [u32; Zone::ALL.len()];

/// What is to be known of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Whether it holds the words.
    Held,
    /// How often, too.
    Scored,
}

/// The documents that hold a word, or words one after the other.
///
/// The texts of [`Zone::All`] begin with the title and go on with the names: so its first places of a word are those in the
/// title, as many as the title holds, and the next ones those in the names.
pub(crate) struct Occurrences {
    first: SegmentPostings,
    /// The first word in the title and in the names.
    zones: [Option<SegmentPostings>; 2],
    /// The words that follow, each with its distance from the first.
    following: Vec<(u32, SegmentPostings)>,
    /// Of the places of the first word in the document, those that the others follow. Of no use for a word alone.
    starts: Vec<usize>,
    places: Vec<u32>,
    following_places: Vec<u32>,
}

impl Occurrences {
    /// Opens the words in a segment, each in the field that `field` gives for a zone, none for [`Zone::All`] only where there is
    /// nothing to look for. `None` where the segment does not hold them all.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn open(
        segment: &SegmentReader,
        words: &[(u32, String)],
        reading: Reading,
        field: impl Fn(Zone, &str) -> Option<Field>,
    ) -> tantivy::Result<Option<Self>> {
        let open = |zone, word: &str, option| {
            let Some(field) = field(zone, word) else {
                return Ok(None);
            };
            let index = segment.inverted_index(field)?;
            tantivy::Result::Ok(index.read_postings(&Term::from_field_text(field, word), option)?)
        };
        let Some(((start, first), others)) = words.split_first() else {
            return Ok(None);
        };
        let option = match (others.is_empty(), reading) {
            (false, _) => IndexRecordOption::WithFreqsAndPositions,
            (true, Reading::Scored) => IndexRecordOption::WithFreqs,
            (true, Reading::Held) => IndexRecordOption::Basic,
        };
        let mut following = Vec::with_capacity(others.len());
        for (place, word) in others {
            let Some(postings) = open(Zone::All, word, option)? else {
                return Ok(None);
            };
            following.push((place - start, postings));
        }
        let Some(first_postings) = open(Zone::All, first, option)? else {
            return Ok(None);
        };
        let zones = match reading {
            Reading::Held => [None, None],
            Reading::Scored => [
                open(Zone::Title, first, IndexRecordOption::WithFreqs)?,
                open(Zone::Parties, first, IndexRecordOption::WithFreqs)?,
            ],
        };
        let mut occurrences = Self {
            first: first_postings,
            zones,
            following,
            starts: Vec::new(),
            places: Vec::new(),
            following_places: Vec::new(),
        };
        occurrences.go_on();
        Ok(Some(occurrences))
    }

    /// Whether a document holds them. It must not be before the last one asked for.
    pub(crate) fn is_in(&mut self, document: DocId) -> bool {
        let at = self.first.doc();
        let at = if at < document { self.seek(document) } else { at };
        at == document
    }

    /// How often the document it is at holds them, in each zone.
    pub(crate) fn counts(&mut self) -> Counts {
        let document = self.first.doc();
        let in_zone = |postings: &mut Option<SegmentPostings>| count_in(postings.as_mut(), document);
        let [title, parties] = self.zones.each_mut().map(in_zone);
        if self.following.is_empty() {
            return [self.first.term_freq(), title, parties];
        }
        let (title, names) = (title as usize, (title + parties) as usize);
        let before = |end: usize| self.starts.iter().filter(|start| **start < end).count() as u32;
        let in_title = before(title);
        [self.starts.len() as u32, in_title, before(names) - in_title]
    }

    /// From where it is, to the next document where the words follow each other.
    fn go_on(&mut self) -> DocId {
        if self.following.is_empty() {
            return self.first.doc();
        }
        loop {
            let document = self.first.doc();
            if document == TERMINATED {
                return TERMINATED;
            }
            let farthest = self.following.iter_mut().map(|(_, postings)| seek(postings, document));
            // All of them are moved on.
            let farthest = farthest.fold(document, DocId::max);
            if farthest > document {
                self.first.seek(farthest);
                continue;
            }
            self.read_starts();
            if !self.starts.is_empty() {
                return document;
            }
            self.first.advance();
        }
    }

    fn read_starts(&mut self) {
        self.first.positions(&mut self.places);
        self.starts.clear();
        self.starts.extend(0..self.places.len());
        for (distance, postings) in &mut self.following {
            if self.starts.is_empty() {
                return;
            }
            postings.positions(&mut self.following_places);
            let follows = |start: &usize| {
                let place = self.places[*start] + *distance;
                self.following_places.binary_search(&place).is_ok()
            };
            self.starts.retain(follows);
        }
    }
}

impl DocSet for Occurrences {
    fn advance(&mut self) -> DocId {
        self.first.advance();
        self.go_on()
    }

    fn seek(&mut self, document: DocId) -> DocId {
        if document > self.first.doc() {
            self.first.seek(document);
            return self.go_on();
        }
        self.first.doc()
    }

    fn doc(&self) -> DocId {
        self.first.doc()
    }

    fn size_hint(&self) -> u32 {
        let following = self.following.iter().map(|(_, postings)| postings.size_hint());
        following.fold(self.first.size_hint(), u32::min)
    }

    fn cost(&self) -> u64 {
        // Places are read of each document.
        let words = 1 + self.following.len() as u64;
        u64::from(self.size_hint()) * if words > 1 { 10 * words } else { 1 }
    }
}

/// How often a document has a word, by its postings.
pub(crate) fn count_in(postings: Option<&mut SegmentPostings>, document: DocId) -> u32 {
    postings.map_or(0, |postings| {
        if seek(postings, document) == document {
            postings.term_freq()
        } else {
            0
        }
    })
}

/// Goes to a document, or to the first one after it.
pub(crate) fn seek(postings: &mut SegmentPostings, document: DocId) -> DocId {
    let at = postings.doc();
    if at < document { postings.seek(document) } else { at }
}
