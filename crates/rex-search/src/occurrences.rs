//! Where a word, or words one after the other, are in the documents of a segment, and how often.

use rex_index::{Fields, Zone};
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use crate::word::{Place, Target};

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
    /// The stem of the first word in the title and in the names.
    zones: [Option<SegmentPostings>; 2],
    /// The stem of the first word in all, where others follow that word as it is written: its first places are those in the title.
    first_stem: Option<SegmentPostings>,
    /// The words that follow, each with its distance from the first.
    following: Vec<(u32, SegmentPostings)>,
    /// Of the places of the first word in the document, those that the others follow. Of no use for a word alone.
    starts: Vec<usize>,
    places: Vec<u32>,
    /// Those of another word.
    other_places: Vec<u32>,
}

impl Occurrences {
    /// Opens the words of a target in a segment; `None` where it does not hold them all.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn open(
        segment: &SegmentReader,
        fields: &Fields,
        target: &Target,
        reading: Reading,
    ) -> tantivy::Result<Option<Self>> {
        let open = |term: Term, option| {
            let index = segment.inverted_index(term.field())?;
            tantivy::Result::Ok(index.read_postings(&term, option)?)
        };
        let Some((first, others)) = target.words.split_first() else {
            return Ok(None);
        };
        let option = match (others.is_empty(), reading) {
            (false, _) => IndexRecordOption::WithFreqsAndPositions,
            (true, Reading::Scored) => IndexRecordOption::WithFreqs,
            (true, Reading::Held) => IndexRecordOption::Basic,
        };
        let mut following = Vec::with_capacity(others.len());
        for word in others {
            let Some(postings) = open(target.term(fields, Zone::All, word), option)? else {
                return Ok(None);
            };
            following.push((word.place - first.place, postings));
        }
        let Some(first_postings) = open(target.term(fields, Zone::All, first), option)? else {
            return Ok(None);
        };
        let mut zones = [None, None];
        let mut first_stem = None;
        if reading == Reading::Scored && target.place != Place::Label && !target.is_implied {
            let in_zone = |zone| open(target.term(fields, zone, first), IndexRecordOption::WithFreqs);
            zones = [in_zone(Zone::Title)?, in_zone(Zone::Parties)?];
            if target.place == Place::Exact && !others.is_empty() {
                let stem = Term::from_field_text(fields.stem(Zone::All), &first.stem);
                first_stem = open(stem, option)?;
            }
        }
        let mut occurrences = Self {
            first: first_postings,
            zones,
            first_stem,
            following,
            starts: Vec::new(),
            places: Vec::new(),
            other_places: Vec::new(),
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

    /// How often the document it is at holds them in all, as far as is known without reading anything.
    pub(crate) fn count_at_most(&self) -> u32 {
        if self.following.is_empty() {
            self.first.term_freq()
        } else {
            self.starts.len() as u32
        }
    }

    /// How often the document it is at holds them, in each zone; `of_stem` where the stem of a word alone was counted already.
    pub(crate) fn counts(&mut self, of_stem: Option<Counts>) -> Counts {
        let document = self.first.doc();
        let in_zone = |postings: &mut Option<SegmentPostings>| count_in(postings.as_mut(), document);
        let [title, parties] = match of_stem {
            Some([_, title, parties]) => [title, parties],
            None => self.zones.each_mut().map(in_zone),
        };
        if self.following.is_empty() {
            // A zone has other words of the stem, too, and no more of this one than the whole.
            let all = self.first.term_freq();
            let title = title.min(all);
            return [all, title, parties.min(all - title)];
        }
        let stems = match &mut self.first_stem {
            None => &self.places,
            Some(stem) => {
                seek(stem, document);
                stem.positions(&mut self.other_places);
                &self.other_places
            }
        };
        let before = |stem: u32| {
            let end = stems.get(stem as usize).copied().unwrap_or(u32::MAX);
            self.starts.iter().filter(|start| self.places[**start] < end).count() as u32
        };
        let in_title = before(title);
        [self.starts.len() as u32, in_title, before(title + parties) - in_title]
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
            postings.positions(&mut self.other_places);
            let follows = |start: &usize| {
                let place = self.places[*start] + *distance;
                self.other_places.binary_search(&place).is_ok()
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
