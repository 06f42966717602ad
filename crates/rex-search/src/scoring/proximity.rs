//! Words near each other: what they add to the score of a hit, by the positions of the terms.
//!
//! Adjacent pairs of terms of the query count by the inverse of their distance in the document (pairs: Metzler & Croft, « A Markov
//! random field model for term dependencies », SIGIR 2005; distances: Tao & Zhai, « An exploration of proximity measures in information
//! retrieval », SIGIR 2007).

use std::sync::Arc;

use rex_index::Zone;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, Searcher, SegmentReader, TERMINATED, Term};

use crate::meaning::lift::LiteralMatch;
use crate::query::planner::Plan;
use crate::scoring::bm25f_norms::{K1, Norms, SegmentNorms};
use crate::scoring::seek::{count_in, seek};
use crate::scoring::type_boost::{BY_PAIR, length_share};

/// Distance in words above which a pair does not count.
const WINDOW: u32 = 5;
/// Weight of a pair side by side, by the lower IDF of the two.
const WEIGHT: f32 = 1.3;

/// Proximity scores in one segment, for documents in ascending order.
pub(crate) struct ProximityScorer {
    words: Vec<TermPositions>,
    norms: SegmentNorms,
}

/// The positions of one term.
struct TermPositions {
    /// For each stem: postings in the whole document, then in the title and in the names.
    postings: Vec<(SegmentPostings, [Option<SegmentPostings>; 2])>,
    idf: f32,
    /// Whether some document of the index holds it.
    is_known: bool,
    /// In the document scored last.
    positions: Vec<TermPosition>,
    /// Whether the title and the names of the parties hold it.
    in_zones: [bool; 2],
}

/// One position of a term.
#[derive(Debug, Clone, Copy, PartialEq)]
struct TermPosition {
    at: u32,
    /// The weight of a pair in this zone; 1 in the text.
    weight: f32,
}

impl ProximityScorer {
    pub(crate) fn open(searcher: &Searcher, segment: &SegmentReader, plan: &Plan<'_>) -> tantivy::Result<Self> {
        let read = |zone, stem: &str, option| {
            let field = plan.fields.stem(zone);
            let index = segment.inverted_index(field)?;
            tantivy::Result::Ok(index.read_postings(&Term::from_field_text(field, stem), option)?)
        };
        let mut words = Vec::with_capacity(plan.interpreted.terms.len());
        for term in &plan.interpreted.terms {
            let mut stems: Vec<&str> = term.placed().collect();
            stems.sort_unstable();
            stems.dedup();
            let mut postings = Vec::new();
            for stem in stems {
                if let Some(all) = read(Zone::All, stem, IndexRecordOption::WithFreqsAndPositions)? {
                    let title = read(Zone::Title, stem, IndexRecordOption::WithFreqs)?;
                    let parties = read(Zone::Parties, stem, IndexRecordOption::WithFreqs)?;
                    postings.push((all, [title, parties]));
                }
            }
            words.push(TermPositions {
                postings,
                idf: term.idf,
                is_known: !term.is_missing,
                positions: Vec::new(),
                in_zones: [false; 2],
            });
        }
        Ok(Self {
            words,
            norms: SegmentNorms::open(
                &Arc::new(Norms::new(plan.fields, plan.lengths, searcher)),
                plan.fields,
                segment,
            )?,
        })
    }

    /// The score of the pairs of a document, and which pairs are near, in the order of the query.
    pub(crate) fn of(&mut self, document: DocId) -> (Score, Vec<bool>) {
        self.words.iter_mut().for_each(|word| word.seek(document));
        let norm = self.norms.of(document)[Zone::All as usize];
        let (mut score, mut are_near) = (0.0, Vec::with_capacity(self.words.len()));
        for pair in self.words.windows(2) {
            let near = near(&pair[0].positions, &pair[1].positions);
            score += WEIGHT * pair[0].idf.min(pair[1].idf) * near * (K1 + 1.0) / (near + norm);
            are_near.push(near > 0.0);
        }
        (score, are_near)
    }

    /// The part of the type boost that was for pairs that are not near each other. Call it after [`Self::of`] for the same
    /// document.
    pub(crate) fn boost_too_much(&self, document: DocId, are_near: &[bool]) -> Score {
        let pairs = self.words.windows(2).zip(are_near).filter(|(_, is_near)| !**is_near);
        let pairs = pairs.filter(|(pair, _)| pair.iter().all(|word| !word.positions.is_empty()));
        let share = length_share(self.norms.words_of(document));
        share * BY_PAIR * pairs.map(|(pair, _)| pair[0].idf.min(pair[1].idf)).sum::<Score>()
    }

    /// How the query matches the title and the parties of the document scored last. `words` is the number of its tokens.
    pub(crate) fn literal_match(&self, document: DocId, words: u32) -> LiteralMatch {
        let mut known = self.words.iter().filter(|word| word.is_known).peekable();
        if known.peek().is_none() {
            return LiteralMatch::default();
        }
        let (mut is_in_title, mut is_in_parties) = (true, true);
        for word in known {
            is_in_title &= word.in_zones[0];
            is_in_parties &= word.in_zones[1];
        }
        LiteralMatch {
            is_in_title,
            is_whole: is_in_parties || is_in_title && self.norms.title_words_of(document) <= words,
        }
    }
}

impl TermPositions {
    /// Reads the positions in a document.
    fn seek(&mut self, document: DocId) {
        self.positions.clear();
        self.in_zones = [false; 2];
        let mut found = Vec::new();
        for (postings, zones) in &mut self.postings {
            if seek(postings, document) != document || document == TERMINATED {
                continue;
            }
            postings.positions(&mut found);
            // The first positions are those in the title, the next ones those in the names.
            let counts = zones.each_mut().map(|zone| count_in(zone.as_mut(), document));
            let held = self.in_zones.iter_mut().zip(counts);
            held.for_each(|(held, count)| *held |= count > 0);
            let weights = counts.into_iter().zip(Zone::REPEATS);
            let weights = weights.flat_map(|(count, (_, times))| std::iter::repeat_n(times, count as usize));
            let positions = found.iter().zip(weights.chain(std::iter::repeat(1.0)));
            self.positions
                .extend(positions.map(|(at, weight)| TermPosition { at: *at, weight }));
        }
        self.positions.sort_unstable_by_key(|place| place.at);
    }
}

/// The sum of the inverse distances of two terms that are near, weighted by zone if both are in the same.
fn near(one: &[TermPosition], other: &[TermPosition]) -> f32 {
    let mut sum = 0.0;
    let mut from = 0;
    for place in one {
        while from < other.len() && other[from].at + WINDOW < place.at {
            from += 1;
        }
        let within = other[from..].iter().take_while(|near| near.at <= place.at + WINDOW);
        sum += within
            .filter(|near| near.at != place.at)
            .map(|near| {
                let weight = if near.weight == place.weight { place.weight } else { 1.0 };
                weight / near.at.abs_diff(place.at) as f32
            })
            .sum::<f32>();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{TermPosition, near};

    fn positions(weight: f32, at: &[u32]) -> Vec<TermPosition> {
        at.iter().map(|at| TermPosition { at: *at, weight }).collect()
    }

    #[test]
    fn nearer_is_more_and_far_is_nothing() {
        let near = |one, other| near(&positions(1.0, one), &positions(1.0, other));
        assert_eq!(near(&[1], &[2]), 1.0);
        assert_eq!(near(&[1], &[3]), 0.5);
        assert_eq!(near(&[10], &[8, 12]), 1.0);
        assert_eq!(near(&[1, 50], &[20, 51]), 1.0);
        assert_eq!(near(&[1], &[1, 7]), 0.0);
        assert_eq!(near(&[], &[1]), 0.0);
    }

    #[test]
    fn a_pair_of_a_zone_weighs_more_where_the_zone_does() {
        let (names, text) = (|at| positions(2.0, &[at]), |at| positions(1.0, &[at]));
        assert_eq!(near(&names(1), &names(2)), 2.0);
        assert_eq!(near(&names(1), &names(3)), 1.0);
        assert_eq!(near(&names(1), &text(2)), 1.0, "one of them is not a name");
    }
}
