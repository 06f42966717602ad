//! Words near each other rank higher: the best hits are looked at once more, with the places of the words.
//!
//! Pairs of words that follow each other in the query, within a few words of each other in the case, count by the inverse of
//! their distance (Metzler & Croft, « A Markov random field model for term dependencies », SIGIR 2005, has the pairs; Tao & Zhai,
//! « An exploration of proximity measures in information retrieval », SIGIR 2007, the distances).

use rex_index::Zone;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term};

use crate::meaning::AlternativeRule;
use crate::plan::Plan;

/// Hits looked at: ten pages of them.
pub(crate) const DEPTH: usize = 100;
/// Words farther apart have nothing to do with each other.
const WINDOW: u32 = 5;
/// What a pair side by side counts, by the weight of the less telling word of the two.
const WEIGHT: f32 = 1.3;
/// Saturation and length normalisation of BM25, as tantivy has them.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// Adds to the scores of hits what the nearness of their words is worth, and puts them in order again.
///
/// Hits beyond [`DEPTH`] keep their place: nearness only adds, so none of them would have been above.
pub(crate) fn rerank(searcher: &Searcher, plan: &Plan<'_>, hits: &mut [(Score, DocAddress)]) -> tantivy::Result<()> {
    let depth = hits.len().min(DEPTH);
    let hits = &mut hits[..depth];
    if plan.meanings.len() < 2 || hits.is_empty() {
        return Ok(());
    }
    // The order of equal scores is that of the ids, which is kept.
    let mut reranked: Vec<(usize, Score, DocAddress)> = Vec::with_capacity(hits.len());
    for (segment_ord, segment) in (0..).zip(searcher.segment_readers()) {
        let mut documents: Vec<(DocId, usize, Score)> = hits
            .iter()
            .enumerate()
            .filter(|(_, (_, address))| address.segment_ord == segment_ord)
            .map(|(rank, (score, address))| (address.doc_id, rank, *score))
            .collect();
        documents.sort_unstable_by_key(|(document, ..)| *document);
        let mut near = Nearness::open(searcher, segment, plan)?;
        for (document, rank, score) in documents {
            let score = score + near.of(document);
            reranked.push((rank, score, DocAddress::new(segment_ord, document)));
        }
    }
    reranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    for (hit, (_, score, address)) in hits.iter_mut().zip(reranked) {
        *hit = (score, address);
    }
    Ok(())
}

/// What nearness is worth in one segment, document after document, in growing order.
pub(crate) struct Nearness {
    words: Vec<WordPlaces>,
    lengths: FieldNormReader,
    average_length: f32,
}

/// Where one word is.
struct WordPlaces {
    postings: Vec<SegmentPostings>,
    weight: f32,
    places: Vec<u32>,
}

impl Nearness {
    pub(crate) fn open(searcher: &Searcher, segment: &SegmentReader, plan: &Plan<'_>) -> tantivy::Result<Self> {
        let field = plan.fields.zone(Zone::All).stem;
        let index = segment.inverted_index(field)?;
        let mut words = Vec::with_capacity(plan.meanings.len());
        for meaning in plan.meanings {
            let replacements = meaning.alternatives.iter().filter(|alternative| {
                matches!(
                    alternative.rule,
                    AlternativeRule::Completion | AlternativeRule::Correction
                )
            });
            let replacing = replacements.flat_map(|alternative| alternative.sequence.iter().map(|(_, form)| form));
            let mut stems: Vec<&str> = meaning
                .word
                .forms
                .iter()
                .chain(replacing)
                .map(|form| form.stem.as_str())
                .collect();
            stems.sort_unstable();
            stems.dedup();
            let mut postings = Vec::new();
            for stem in stems {
                let term = Term::from_field_text(field, stem);
                postings.extend(index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            words.push(WordPlaces {
                postings,
                weight: meaning.weight,
                places: Vec::new(),
            });
        }
        Ok(Self {
            words,
            lengths: segment.get_fieldnorms_reader(field)?,
            average_length: plan.lengths.words(field) as f32 / searcher.num_docs().max(1) as f32,
        })
    }

    /// What the pairs of near words of a document are worth.
    pub(crate) fn of(&mut self, document: DocId) -> Score {
        self.words.iter_mut().for_each(|word| word.seek(document));
        let length = self.lengths.fieldnorm(document) as f32 / self.average_length.max(1.0);
        let norm = K1 * (1.0 - B + B * length);
        let pairs = self.words.windows(2).map(|pair| {
            let near = near(&pair[0].places, &pair[1].places);
            WEIGHT * pair[0].weight.min(pair[1].weight) * near * (K1 + 1.0) / (near + norm)
        });
        pairs.sum()
    }
}

impl WordPlaces {
    /// Reads where the word is in a document.
    fn seek(&mut self, document: DocId) {
        self.places.clear();
        let mut places = Vec::new();
        for postings in &mut self.postings {
            let at = postings.doc();
            let at = if at < document { postings.seek(document) } else { at };
            if at == document && at != TERMINATED {
                postings.positions(&mut places);
                self.places.extend_from_slice(&places);
            }
        }
        self.places.sort_unstable();
    }
}

/// The sum of the inverse distances of two words, where they are near.
fn near(one: &[u32], other: &[u32]) -> f32 {
    let mut sum = 0.0;
    let mut from = 0;
    for place in one {
        while from < other.len() && other[from] + WINDOW < *place {
            from += 1;
        }
        let within = other[from..].iter().take_while(|near| **near <= place + WINDOW);
        sum += within
            .map(|near| near.abs_diff(*place))
            .filter(|distance| *distance > 0)
            .map(|distance| 1.0 / distance as f32)
            .sum::<f32>();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn nearer_is_more_and_far_is_nothing() {
        assert_eq!(near(&[1], &[2]), 1.0);
        assert_eq!(near(&[1], &[3]), 0.5);
        assert_eq!(near(&[10], &[8, 12]), 1.0);
        assert_eq!(near(&[1, 50], &[20, 51]), 1.0);
        assert_eq!(near(&[1], &[1, 7]), 0.0);
        assert_eq!(near(&[], &[1]), 0.0);
    }
}
