//! Finds the documents that hold a term in any of its disjuncts, and scores them with BM25F.
//!
//! A text is indexed once in [`Zone::All`], and titles and names again in a zone of their own. They weigh more: at query time, the
//! frequency of a term is that in the whole document, with title and names repeated as [`Zone::REPEATS`] says, and the lengths likewise
//! (BM25F of Robertson, Zaragoza & Taylor).

use std::sync::Arc;

use rex_index::{FieldLengths, Fields, Zone};
use tantivy::query::{BitSetDocSet, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

use crate::scoring::bm25f_norms::{Norms, SegmentNorms};
use crate::scoring::facet_query::FacetDocs;
use crate::scoring::postings::{PostingsOption, TermPostings, ZoneFrequencies};
use crate::scoring::score_bounds::{MaxScoreByLength, ScoreBound};
use crate::scoring::type_boost::TermMatch;
use crate::scoring::weighted_term::{Disjunct, WeightedTerm};

/// A term: the scores of the weighted terms of one disjunct add up, and the best disjunct counts.
#[derive(Debug, Clone)]
pub(crate) struct Bm25fQuery {
    pub(crate) fields: Fields,
    pub(crate) lengths: Arc<FieldLengths>,
    pub(crate) disjuncts: Vec<Disjunct>,
    /// IDF weight.
    pub(crate) idf: f32,
    /// Documents that match by a facet value, whatever their text.
    pub(crate) facet_docs: Option<Arc<FacetDocs>>,
}

impl Bm25fQuery {
    /// The term on all segments; scored if a searcher of the whole index is given.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn weigh(&self, searcher: Option<&Searcher>) -> tantivy::Result<Bm25fWeight> {
        let mut terms = Vec::new();
        for (disjunct, term) in self.terms() {
            let factors = searcher.map(|searcher| term.factors(&self.fields, searcher));
            terms.push((disjunct, term.clone(), factors.transpose()?.unwrap_or_default()));
        }
        let norms = searcher.map(|searcher| Norms::new(&self.fields, &self.lengths, searcher));
        Ok(Bm25fWeight {
            fields: self.fields.clone(),
            terms,
            norms: norms.map(Arc::new),
            held: self
                .disjuncts
                .iter()
                .map(|disjunct| self.term_match_of(disjunct))
                .collect(),
            facet_docs: self.facet_docs.clone(),
        })
    }

    fn terms(&self) -> impl Iterator<Item = (usize, &WeightedTerm)> {
        let disjuncts = self.disjuncts.iter().enumerate();
        disjuncts.flat_map(|(rank, disjunct)| disjunct.terms.iter().map(move |term| (rank, term)))
    }

    /// The match of a document that holds the term by this disjunct.
    pub(crate) fn term_match_of(&self, disjunct: &Disjunct) -> TermMatch {
        TermMatch {
            idf: self.idf,
            share: disjunct.share,
            is_placed: disjunct.is_placed,
        }
    }

    /// Whether a document holds the term.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn holds(&self, searcher: &Searcher, address: DocAddress) -> tantivy::Result<bool> {
        let mut scorer = self
            .weigh(None)?
            .open(searcher.segment_reader(address.segment_ord), 1.0)?;
        Ok(scorer.seek(address.doc_id) == address.doc_id)
    }

    /// The scores of the weighted terms of each disjunct in a document; empty where the document does not hold it.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn explain(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        document: DocId,
    ) -> tantivy::Result<Vec<Vec<(&WeightedTerm, Parts)>>> {
        let mut scorer = self.weigh(Some(searcher))?.open(segment, 1.0)?;
        let terms: Vec<_> = self.terms().collect();
        let mut disjuncts: Vec<_> = self.disjuncts.iter().map(|_| Vec::new()).collect();
        let mut found = scorer.parts(document);
        found.sort_unstable_by_key(|(rank, _)| *rank);
        for (rank, parts) in found {
            let (disjunct, term) = terms[rank];
            disjuncts[disjunct].push((term, parts));
        }
        Ok(disjuncts)
    }
}

impl Query for Bm25fQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let searcher = match scoring {
            EnableScoring::Enabled { searcher, .. } => Some(searcher),
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(self.weigh(searcher)?))
    }
}

/// A [`Bm25fQuery`] on a searcher.
pub(crate) struct Bm25fWeight {
    fields: Fields,
    /// With the index of its disjunct, and the factor of each zone.
    terms: Vec<(usize, WeightedTerm, [f32; Zone::ALL.len()])>,
    /// `None` if nothing is scored.
    norms: Option<Arc<Norms>>,
    /// By disjunct, the match of a document that holds it.
    held: Vec<TermMatch>,
    facet_docs: Option<Arc<FacetDocs>>,
}

impl Bm25fWeight {
    /// Upper bound of the score in any document.
    pub(crate) fn max_score(&self) -> Score {
        let mut disjuncts = vec![0.0; self.held.len()];
        for (disjunct, term, factors) in &self.terms {
            disjuncts[*disjunct] += term.constant + factors.iter().sum::<f32>();
        }
        disjuncts.into_iter().fold(0.0, Score::max)
    }

    /// The term in a segment.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn open(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Bm25fScorer> {
        let norms = self.norms.as_ref();
        let norms = norms.map(|norms| SegmentNorms::open(norms, &self.fields, segment));
        let mut scorer = Bm25fScorer {
            document: TERMINATED,
            leading: Vec::new(),
            implied: Vec::new(),
            facet_docs: self
                .facet_docs
                .as_ref()
                .and_then(|facet_docs| facet_docs.in_segment(segment.segment_id())),
            held: self.held.clone(),
            norms: norms.transpose()?,
            scores: Vec::new(),
            max_document: segment.max_doc(),
        };
        let option = if self.norms.is_some() {
            PostingsOption::Frequencies
        } else {
            PostingsOption::Documents
        };
        for (rank, (disjunct, term, factors)) in self.terms.iter().enumerate() {
            if term.is_implied && option == PostingsOption::Documents {
                continue;
            }
            if term.is_implied
                && let Some(stem) = scorer.leading.last_mut()
            {
                stem.has_forms = true;
            }
            let Some(postings) = TermPostings::open(segment, &self.fields, term, option)? else {
                continue;
            };
            let bound = ScoreBound {
                factors: factors.map(|factor| factor * boost),
                constant: term.constant * boost,
            };
            let term_scorer = TermScorer {
                rank,
                stem: (term.is_implied).then(|| scorer.leading.len().wrapping_sub(1)),
                frequencies: ZoneFrequencies::default(),
                disjunct: *disjunct,
                has_forms: false,
                postings,
                bound,
                bound_with_implied: bound,
                max_score_by_length: MaxScoreByLength::default(),
            };
            if term.is_implied {
                if let Some(stem) = scorer.leading.last_mut() {
                    stem.bound_with_implied.add(&bound);
                }
                scorer.implied.push(term_scorer);
            } else {
                scorer.leading.push(term_scorer);
            }
            scorer.scores.resize(disjunct + 1, 0.0);
        }
        scorer.document = scorer.nearest();
        Ok(scorer)
    }
}

impl Weight for Bm25fWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let scorer = self.open(segment, boost)?;
        if scorer.document == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!(
            "document {document} is explained term by term"
        )))
    }
}

/// The documents of a segment that hold any of the leading terms.
pub(crate) struct Bm25fScorer {
    document: DocId,
    /// The weighted terms whose postings are followed.
    leading: Vec<TermScorer>,
    /// Those that are only looked up to score a document.
    implied: Vec<TermScorer>,
    /// Documents that match without scoring anything.
    facet_docs: Option<BitSetDocSet>,
    /// By disjunct, the match of a document that holds it.
    held: Vec<TermMatch>,
    /// `None` if nothing is scored.
    norms: Option<SegmentNorms>,
    /// Buffer for the score of each disjunct.
    scores: Vec<Score>,
    max_document: DocId,
}

impl Bm25fScorer {
    fn nearest(&self) -> DocId {
        let documents = self.leading.iter().map(|term| term.postings.doc());
        let facet_docs = self.facet_docs.as_ref().map(BitSetDocSet::doc);
        documents.chain(facet_docs).min().unwrap_or(TERMINATED)
    }

    /// The match of the current document; it counts less if the document has other forms of the word only.
    pub(crate) fn term_match(&mut self) -> TermMatch {
        let document = self.document;
        let mut best = TermMatch::default();
        for (rank, term) in self.leading.iter().enumerate() {
            let Some(held) = self.held.get(term.disjunct).filter(|_| term.postings.doc() == document) else {
                continue;
            };
            let mut forms = self.implied.iter_mut().filter(|form| form.stem == Some(rank));
            let is_as_typed = !term.has_forms || forms.any(|form| form.postings.is_in(document));
            best = best.or(&if is_as_typed { *held } else { held.in_other_form() });
        }
        best
    }

    /// Approximate number of words of a document; 0 if nothing is scored.
    pub(crate) fn length_of(&self, document: DocId) -> u32 {
        self.norms.as_ref().map_or(0, |norms| norms.words_of(document))
    }

    /// The best match that a document can be.
    pub(crate) fn best_term_match(&self) -> TermMatch {
        TermMatch::best(&self.held)
    }

    /// Upper bound of the score in any document.
    pub(crate) fn max_score(&mut self) -> Score {
        self.scores.fill(0.0);
        for term in &self.leading {
            self.scores[term.disjunct] += term.bound_with_implied.max_score();
        }
        self.best_disjunct()
    }

    /// Upper bound of the score of the current document, by the frequency of the term, whether it is in the names, and the length
    /// of the document. The frequency in the title, and whether the word is written as typed, are not read.
    pub(crate) fn max_score_by_length(&mut self) -> Score {
        let Some(norms) = &self.norms else {
            return 1.0;
        };
        let length = norms.length_of_all(self.document);
        self.scores.fill(0.0);
        for term in &mut self.leading {
            if term.postings.doc() == self.document {
                self.scores[term.disjunct] += term.max_score_by_length(norms, length);
            }
        }
        self.best_disjunct()
    }

    /// A tighter bound: by the lengths of the title and of the names too.
    pub(crate) fn max_score_by_lengths(&mut self) -> Score {
        let Some(norms) = &self.norms else {
            return 1.0;
        };
        let norms = norms.of(self.document);
        self.scores.fill(0.0);
        for term in &mut self.leading {
            if term.postings.doc() == self.document {
                let (frequency, is_in_names) = term.postings.frequency();
                let max_score = term
                    .bound_with_implied
                    .max_score_for(frequency, is_in_names, |_, _| norms);
                self.scores[term.disjunct] += max_score;
            }
        }
        self.best_disjunct()
    }

    fn best_disjunct(&self) -> Score {
        // Scores are not negative, and never NaN.
        let best = |best, score| if score > best { score } else { best };
        self.scores.iter().copied().fold(0.0, best)
    }

    /// The scores of the weighted terms in a document, by their index.
    fn parts(&mut self, document: DocId) -> Vec<(usize, Parts)> {
        let Some(norms) = &self.norms else {
            return Vec::new();
        };
        let norms = norms.of(document);
        let mut found = Vec::new();
        for term in &mut self.leading {
            found.extend(term.parts(document, &norms, None).map(|parts| (term.rank, parts)));
        }
        for term in &mut self.implied {
            let of_stem = term
                .stem
                .and_then(|stem| self.leading.get(stem))
                .map(|stem| stem.frequencies);
            found.extend(term.parts(document, &norms, of_stem).map(|parts| (term.rank, parts)));
        }
        found
    }
}

impl DocSet for Bm25fScorer {
    fn advance(&mut self) -> DocId {
        let document = self.document;
        let mut next = TERMINATED;
        for term in &mut self.leading {
            let mut at = term.postings.doc();
            if at == document {
                at = term.postings.advance();
            }
            next = next.min(at);
        }
        if let Some(facet_docs) = &mut self.facet_docs {
            let at = facet_docs.doc();
            next = next.min(if at == document { facet_docs.advance() } else { at });
        }
        self.document = next;
        next
    }

    fn seek(&mut self, document: DocId) -> DocId {
        if document <= self.document {
            return self.document;
        }
        let mut next = TERMINATED;
        for term in &mut self.leading {
            next = next.min(term.postings.seek(document));
        }
        if let Some(facet_docs) = &mut self.facet_docs {
            let at = facet_docs.doc();
            next = next.min(if at < document { facet_docs.seek(document) } else { at });
        }
        self.document = next;
        next
    }

    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        let hints = self.leading.iter().map(|term| term.postings.size_hint());
        let hints = hints.chain(self.facet_docs.as_ref().map(BitSetDocSet::size_hint));
        hints.fold(0, u32::saturating_add).min(self.max_document)
    }

    fn cost(&self) -> u64 {
        let costs = self.leading.iter().map(|term| term.postings.cost());
        let facet_docs = self
            .facet_docs
            .as_ref()
            .map(|facet_docs| u64::from(facet_docs.size_hint()));
        costs.chain(facet_docs).sum()
    }
}

impl Scorer for Bm25fScorer {
    fn score(&mut self) -> Score {
        let Some(norms) = &self.norms else {
            return 1.0;
        };
        let norms = norms.of(self.document);
        self.scores.fill(0.0);
        for term in &mut self.leading {
            if let Some(parts) = term.parts(self.document, &norms, None) {
                self.scores[term.disjunct] += parts.sum();
            }
        }
        for term in &mut self.implied {
            let of_stem = term
                .stem
                .and_then(|stem| self.leading.get(stem))
                .map(|stem| stem.frequencies);
            if let Some(parts) = term.parts(self.document, &norms, of_stem) {
                self.scores[term.disjunct] += parts.sum();
            }
        }
        self.best_disjunct()
    }
}

struct TermScorer {
    /// Its index among the weighted terms of the query.
    rank: usize,
    disjunct: usize,
    /// The leading term that it is implied by: its stem.
    stem: Option<usize>,
    /// Whether the query also has the word as typed, in this segment or not.
    has_forms: bool,
    postings: TermPostings,
    /// In the document scored last.
    frequencies: ZoneFrequencies,
    bound: ScoreBound,
    /// The same, with the terms that it implies.
    bound_with_implied: ScoreBound,
    max_score_by_length: MaxScoreByLength,
}

/// The score of a weighted term in a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    /// By zone, in their order; 0 if the term is not in it.
    pub(crate) zones: [Score; Zone::ALL.len()],
    /// Added whatever the frequency.
    pub(crate) constant: Score,
}

impl Parts {
    fn sum(&self) -> Score {
        self.zones.iter().sum::<Score>() + self.constant
    }
}

impl TermScorer {
    /// Upper bound of its score in the current document, by the length of the document.
    fn max_score_by_length(&mut self, norms: &SegmentNorms, length: u8) -> Score {
        let bound = &self.bound_with_implied;
        let compute = |frequency, is_in_names, length: u8| {
            // A zone that holds the term has at least one word.
            let shortest =
                |title: u32, parties: u32| norms.norms.of([length, title.min(1) as u8, parties.min(1) as u8]);
            bound.max_score_for(frequency, is_in_names, shortest)
        };
        let (frequency, is_in_names) = self.postings.frequency();
        self.max_score_by_length.get(frequency, is_in_names, length, compute)
    }

    /// Its score in a document, which must not be before the last one asked for, by the norms of the zones. `of_stem` has the
    /// frequencies of its stem, if it is implied by that.
    fn parts(
        &mut self,
        document: DocId,
        norms: &[f32; Zone::ALL.len()],
        of_stem: Option<ZoneFrequencies>,
    ) -> Option<Parts> {
        if !self.postings.is_in(document) {
            return None;
        }
        let mut parts = Parts {
            zones: [0.0; Zone::ALL.len()],
            constant: self.bound.constant,
        };
        if self.bound.factors != [0.0; Zone::ALL.len()] {
            self.frequencies = self.postings.frequencies(of_stem);
            parts.zones = self.bound.of(self.frequencies, norms);
        }
        Some(parts)
    }
}
