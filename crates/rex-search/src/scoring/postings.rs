//! The postings of a weighted term in a segment: a word, or a phrase.

use rex_index::{Fields, Zone};
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, Term};

use crate::scoring::phrase_postings::{PhrasePostings, PhraseWord};
use crate::scoring::seek::{count_in, seek};
use crate::scoring::weighted_term::{TermField, WeightedTerm};

/// Frequency in each zone, in their order.
pub(crate) type ZoneFrequencies = [u32; Zone::ALL.len()];

/// What is read of the postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PostingsOption {
    /// Documents only.
    Documents,
    /// Frequencies too.
    Frequencies,
}

/// The documents that hold a word or a phrase.
///
/// A document begins with its title and goes on with the names in [`Zone::All`]. So the first positions of a word are those in the
/// title, as many as its frequency in the title, and the next ones are those in the names.
pub(crate) struct TermPostings {
    matcher: Matcher,
    /// The postings of the stem of the first word, in the title and in the names.
    zones: [Option<SegmentPostings>; 2],
}

/// A word or a phrase.
#[expect(
    clippy::large_enum_variant,
    reason = "most words stand alone, and each document is asked of them"
)]
enum Matcher {
    Term(SegmentPostings),
    Phrase(Box<PhrasePostings>),
}

impl Matcher {
    /// Opens the postings in a segment; `None` if it does not have all the words.
    fn open(
        segment: &SegmentReader,
        fields: &Fields,
        weighted: &WeightedTerm,
        option: PostingsOption,
    ) -> tantivy::Result<Option<Self>> {
        let open = |term: &Term, option| postings(segment, term, option);
        let term = |word| weighted.term(fields, Zone::All, word);
        let first = match &weighted.words[..] {
            [] => return Ok(None),
            [alone] => {
                let option = match option {
                    PostingsOption::Frequencies => IndexRecordOption::WithFreqs,
                    PostingsOption::Documents => IndexRecordOption::Basic,
                };
                return Ok(open(&term(alone), option)?.map(Self::Term));
            }
            [first, ..] => first,
        };
        let mut words = Vec::with_capacity(weighted.words.len());
        for word in &weighted.words {
            let with_positions = |term: &Term| open(term, IndexRecordOption::WithFreqsAndPositions);
            let (mut term, mut written) = (term(word), None);
            if term.field() == fields.exact {
                let Some(found) = open(&term, IndexRecordOption::WithFreqs)? else {
                    return Ok(None);
                };
                let form = Term::from_field_text(fields.forms, &word.word);
                written = Some((found, with_positions(&form)?));
                term = Term::from_field_text(fields.stem(Zone::All), &word.stem);
            }
            let Some(stem) = with_positions(&term)? else {
                return Ok(None);
            };
            words.push(PhraseWord::new(word.position - first.position, written, stem));
        }
        Ok(Some(Self::Phrase(Box::new(PhrasePostings::new(words)))))
    }
}

impl TermPostings {
    /// Opens the postings in a segment; `None` if it does not have all the words.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn open(
        segment: &SegmentReader,
        fields: &Fields,
        weighted: &WeightedTerm,
        option: PostingsOption,
    ) -> tantivy::Result<Option<Self>> {
        let Some(matcher) = Matcher::open(segment, fields, weighted, option)? else {
            return Ok(None);
        };
        let mut zones = [None, None];
        if option == PostingsOption::Frequencies
            && weighted.field != TermField::Label
            && !weighted.is_implied
            && let Some(first) = weighted.words.first()
        {
            let in_zone = |zone| {
                let term = weighted.term(fields, zone, first);
                postings(segment, &term, IndexRecordOption::WithFreqs)
            };
            zones = [in_zone(Zone::Title)?, in_zone(Zone::Parties)?];
        }
        Ok(Some(Self { matcher, zones }))
    }

    /// Whether a document holds it. It must not be before the last one asked for.
    pub(crate) fn is_in(&mut self, document: DocId) -> bool {
        let at = self.doc();
        let at = if at < document { self.seek(document) } else { at };
        at == document
    }

    /// The frequency in the current document, and whether the names may have it.
    pub(crate) fn frequency(&mut self) -> (u32, bool) {
        let document = self.doc();
        let [_, names] = &mut self.zones;
        // Few words are in the names of many cases: mostly the postings are past this document already.
        let is_in_names = names.as_mut().is_some_and(|names| seek(names, document) == document);
        let frequency = match &self.matcher {
            Matcher::Term(postings) => postings.term_freq(),
            Matcher::Phrase(phrase) => phrase.frequency(),
        };
        (frequency, is_in_names)
    }

    /// The frequency in each zone of the current document. `of_stem` has those of its stem, if they are known.
    pub(crate) fn frequencies(&mut self, of_stem: Option<ZoneFrequencies>) -> ZoneFrequencies {
        let document = self.doc();
        let in_zone = |postings: &mut Option<SegmentPostings>| count_in(postings.as_mut(), document);
        let [title, parties] = match of_stem {
            Some([_, title, parties]) => [title, parties],
            None => self.zones.each_mut().map(in_zone),
        };
        match &mut self.matcher {
            Matcher::Term(postings) => {
                // The zone is counted by stem: it may have other forms, and not more of this one than the whole
                // document.
                let all = postings.term_freq();
                let title = title.min(all);
                [all, title, parties.min(all - title)]
            }
            Matcher::Phrase(phrase) => {
                let (starts, stems) = phrase.positions();
                let before = |stem: u32| {
                    let end = stems.get(stem as usize).copied().unwrap_or(u32::MAX);
                    starts.iter().filter(|start| **start < end).count() as u32
                };
                let in_title = before(title);
                [starts.len() as u32, in_title, before(title + parties) - in_title]
            }
        }
    }
}

impl DocSet for TermPostings {
    fn advance(&mut self) -> DocId {
        match &mut self.matcher {
            Matcher::Term(postings) => postings.advance(),
            Matcher::Phrase(phrase) => phrase.advance(),
        }
    }

    fn seek(&mut self, document: DocId) -> DocId {
        match &mut self.matcher {
            Matcher::Term(postings) => seek(postings, document),
            Matcher::Phrase(phrase) => phrase.seek(document),
        }
    }

    fn doc(&self) -> DocId {
        match &self.matcher {
            Matcher::Term(postings) => postings.doc(),
            Matcher::Phrase(phrase) => phrase.doc(),
        }
    }

    fn size_hint(&self) -> u32 {
        match &self.matcher {
            Matcher::Term(postings) => postings.size_hint(),
            Matcher::Phrase(phrase) => phrase.size_hint(),
        }
    }

    fn cost(&self) -> u64 {
        let by = match &self.matcher {
            Matcher::Term(_) => 1,
            // Positions are read for each document.
            Matcher::Phrase(phrase) => 10 * phrase.len() as u64,
        };
        u64::from(self.size_hint()) * by
    }
}

/// The postings of a term in a segment; `None` if the segment does not have it.
fn postings(
    segment: &SegmentReader,
    term: &Term,
    option: IndexRecordOption,
) -> tantivy::Result<Option<SegmentPostings>> {
    Ok(segment.inverted_index(term.field())?.read_postings(term, option)?)
}
