//! The cases that hold a word, in any of the ways it may be found, and what each of them scores.
//!
//! A text is indexed once in [`Zone::All`] and, where it is a title or a name, once more in a zone of its own. What it says
//! weighs more there, which is reckoned when a match is scored: the frequency of a word is that in the whole case, and the
//! lengths likewise, with the title and the names as often as [`Zone::REPEATS`] says (BM25F of Robertson, Zaragoza & Taylor).

use std::sync::Arc;

use rex_index::{FieldLengths, Fields, Zone};
use tantivy::query::{BitSetDocSet, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

use crate::scoring::bm25f_norms::{Norms, SegmentNorms};
use crate::scoring::facet_query::Having;
use crate::scoring::postings::{Counts, Occurrences, Reading};
use crate::scoring::score_bounds::{Gives, MostByLength};
use crate::scoring::type_boost::HeldWord;
use crate::scoring::weighted_term::{Target, Way};

/// The cases that hold a word: the targets of one way add up, and the best way counts.
#[derive(Debug, Clone)]
pub(crate) struct WordQuery {
    pub(crate) fields: Fields,
    pub(crate) lengths: Arc<FieldLengths>,
    pub(crate) ways: Vec<Way>,
    /// How telling the word is.
    pub(crate) weight: f32,
    /// Cases that count as holding the word whatever they say.
    pub(crate) having: Option<Arc<Having>>,
}

impl WordQuery {
    /// The word in all segments; scored where the searcher of a whole index is given.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn weigh(&self, searcher: Option<&Searcher>) -> tantivy::Result<WordWeight> {
        let mut targets = Vec::new();
        for (way, target) in self.targets() {
            let factors = searcher.map(|searcher| target.factors(&self.fields, searcher));
            targets.push((way, target.clone(), factors.transpose()?.unwrap_or_default()));
        }
        let norms = searcher.map(|searcher| Norms::new(&self.fields, &self.lengths, searcher));
        Ok(WordWeight {
            fields: self.fields.clone(),
            targets,
            norms: norms.map(Arc::new),
            held: self.ways.iter().map(|way| self.held_by(way)).collect(),
            having: self.having.clone(),
        })
    }

    fn targets(&self) -> impl Iterator<Item = (usize, &Target)> {
        let ways = self.ways.iter().enumerate();
        ways.flat_map(|(rank, way)| way.targets.iter().map(move |target| (rank, target)))
    }

    /// What a case that holds the word in a way holds.
    pub(crate) fn held_by(&self, way: &Way) -> HeldWord {
        HeldWord {
            weight: self.weight,
            share: way.share,
            is_placed: way.is_placed,
        }
    }

    /// Whether a document holds the word.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn holds(&self, searcher: &Searcher, address: DocAddress) -> tantivy::Result<bool> {
        let mut scorer = self
            .weigh(None)?
            .open(searcher.segment_reader(address.segment_ord), 1.0)?;
        Ok(scorer.seek(address.doc_id) == address.doc_id)
    }

    /// What each target gives a document, way by way; nothing where it is not there.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn explain(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        document: DocId,
    ) -> tantivy::Result<Vec<Vec<(&Target, Parts)>>> {
        let mut scorer = self.weigh(Some(searcher))?.open(segment, 1.0)?;
        let targets: Vec<_> = self.targets().collect();
        let mut ways: Vec<_> = self.ways.iter().map(|_| Vec::new()).collect();
        let mut found = scorer.parts(document);
        found.sort_unstable_by_key(|(rank, _)| *rank);
        for (rank, parts) in found {
            let (way, target) = targets[rank];
            ways[way].push((target, parts));
        }
        Ok(ways)
    }
}

impl Query for WordQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let searcher = match scoring {
            EnableScoring::Enabled { searcher, .. } => Some(searcher),
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(self.weigh(searcher)?))
    }
}

/// A word in all segments of an index.
pub(crate) struct WordWeight {
    fields: Fields,
    /// With the rank of its way and what each zone counts.
    targets: Vec<(usize, Target, [f32; Zone::ALL.len()])>,
    /// None where nothing is scored.
    norms: Option<Arc<Norms>>,
    /// What a case holds that has the word in each way.
    held: Vec<HeldWord>,
    having: Option<Arc<Having>>,
}

impl WordWeight {
    /// The word in a segment.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn open(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<WordScorer> {
        let norms = self.norms.as_ref();
        let norms = norms.map(|norms| SegmentNorms::open(norms, &self.fields, segment));
        let mut scorer = WordScorer {
            document: TERMINATED,
            leading: Vec::new(),
            implied: Vec::new(),
            having: self
                .having
                .as_ref()
                .and_then(|having| having.in_segment(segment.segment_id())),
            held: self.held.clone(),
            norms: norms.transpose()?,
            scores: Vec::new(),
            max_document: segment.max_doc(),
        };
        let reading = if self.norms.is_some() {
            Reading::Scored
        } else {
            Reading::Held
        };
        for (rank, (way, target, factors)) in self.targets.iter().enumerate() {
            if target.is_implied && reading == Reading::Held {
                continue;
            }
            if target.is_implied
                && let Some(stem) = scorer.leading.last_mut()
            {
                stem.has_forms = true;
            }
            let Some(occurrences) = Occurrences::open(segment, &self.fields, target, reading)? else {
                continue;
            };
            let gives = Gives {
                factors: factors.map(|factor| factor * boost),
                constant: target.constant * boost,
            };
            let target_scorer = TargetScorer {
                rank,
                stem: (target.is_implied).then(|| scorer.leading.len().wrapping_sub(1)),
                counts: Counts::default(),
                way: *way,
                has_forms: false,
                occurrences,
                gives,
                gives_with_implied: gives,
                most_by_length: MostByLength::default(),
            };
            if target.is_implied {
                if let Some(stem) = scorer.leading.last_mut() {
                    stem.gives_with_implied.add(&gives);
                }
                scorer.implied.push(target_scorer);
            } else {
                scorer.leading.push(target_scorer);
            }
            scorer.scores.resize(way + 1, 0.0);
        }
        scorer.document = scorer.nearest();
        Ok(scorer)
    }
}

impl Weight for WordWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let scorer = self.open(segment, boost)?;
        if scorer.document == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!(
            "document {document} is explained target by target"
        )))
    }
}

/// The documents of a segment that hold any of the leading targets.
pub(crate) struct WordScorer {
    document: DocId,
    /// What leads from one document to the next.
    leading: Vec<TargetScorer>,
    /// What is only looked at to score a document.
    implied: Vec<TargetScorer>,
    /// Documents that count as holding the word, and score nothing for it.
    having: Option<BitSetDocSet>,
    /// What a case holds that has the word in each way.
    held: Vec<HeldWord>,
    /// None where nothing is scored.
    norms: Option<SegmentNorms>,
    /// Room for what each way gives a document.
    scores: Vec<Score>,
    max_document: DocId,
}

impl WordScorer {
    fn nearest(&self) -> DocId {
        let documents = self.leading.iter().map(|target| target.occurrences.doc());
        let having = self.having.as_ref().map(BitSetDocSet::doc);
        documents.chain(having).min().unwrap_or(TERMINATED)
    }

    /// What the document it is at holds of the word: less where it writes it in other forms only.
    pub(crate) fn held(&mut self) -> HeldWord {
        let document = self.document;
        let mut best = HeldWord::default();
        for (rank, target) in self.leading.iter().enumerate() {
            let Some(held) = self
                .held
                .get(target.way)
                .filter(|_| target.occurrences.doc() == document)
            else {
                continue;
            };
            let mut forms = self.implied.iter_mut().filter(|form| form.stem == Some(rank));
            let is_as_typed = !target.has_forms || forms.any(|form| form.occurrences.is_in(document));
            best = best.or(&if is_as_typed { *held } else { held.in_other_form() });
        }
        best
    }

    /// Words of a document, about; 0 where nothing is scored.
    pub(crate) fn length_of(&self, document: DocId) -> u32 {
        self.norms.as_ref().map_or(0, |norms| norms.words_of(document))
    }

    /// The same of a document that holds it in the best way.
    pub(crate) fn held_best(&self) -> HeldWord {
        HeldWord::best(&self.held)
    }

    /// What it scores at the most, whatever the document.
    pub(crate) fn most(&mut self) -> Score {
        self.scores.fill(0.0);
        for target in &self.leading {
            self.scores[target.way] += target.gives_with_implied.most();
        }
        self.best_way()
    }

    /// What it scores at the most in the document it is at, by how often it is there, whether in the names too, and how long that is:
    /// how often it is in the title, and whether it is written as typed, is not looked at.
    pub(crate) fn most_by_length(&mut self) -> Score {
        let Some(norms) = &self.norms else {
            return 1.0;
        };
        let length = norms.length_of_all(self.document);
        self.scores.fill(0.0);
        for target in &mut self.leading {
            if target.occurrences.doc() == self.document {
                self.scores[target.way] += target.most_by_length(norms, length);
            }
        }
        self.best_way()
    }

    /// The same by the lengths of the title and of the names too.
    pub(crate) fn most_by_lengths(&mut self) -> Score {
        let Some(norms) = &self.norms else {
            return 1.0;
        };
        let norms = norms.of(self.document);
        self.scores.fill(0.0);
        for target in &mut self.leading {
            if target.occurrences.doc() == self.document {
                let (frequency, is_in_names) = target.occurrences.frequency();
                let most = target.gives_with_implied.most_of(frequency, is_in_names, |_, _| norms);
                self.scores[target.way] += most;
            }
        }
        self.best_way()
    }

    fn best_way(&self) -> Score {
        // No score is less than 0, or none at all.
        let best = |best, score| if score > best { score } else { best };
        self.scores.iter().copied().fold(0.0, best)
    }

    /// What each target gives a document, by its rank.
    fn parts(&mut self, document: DocId) -> Vec<(usize, Parts)> {
        let Some(norms) = &self.norms else {
            return Vec::new();
        };
        let norms = norms.of(document);
        let mut found = Vec::new();
        for target in &mut self.leading {
            found.extend(target.parts(document, &norms, None).map(|parts| (target.rank, parts)));
        }
        for target in &mut self.implied {
            let of_stem = target
                .stem
                .and_then(|stem| self.leading.get(stem))
                .map(|stem| stem.counts);
            found.extend(
                target
                    .parts(document, &norms, of_stem)
                    .map(|parts| (target.rank, parts)),
            );
        }
        found
    }
}

impl DocSet for WordScorer {
    fn advance(&mut self) -> DocId {
        let document = self.document;
        let mut next = TERMINATED;
        for target in &mut self.leading {
            let mut at = target.occurrences.doc();
            if at == document {
                at = target.occurrences.advance();
            }
            next = next.min(at);
        }
        if let Some(having) = &mut self.having {
            let at = having.doc();
            next = next.min(if at == document { having.advance() } else { at });
        }
        self.document = next;
        next
    }

    fn seek(&mut self, document: DocId) -> DocId {
        if document <= self.document {
            return self.document;
        }
        let mut next = TERMINATED;
        for target in &mut self.leading {
            next = next.min(target.occurrences.seek(document));
        }
        if let Some(having) = &mut self.having {
            let at = having.doc();
            next = next.min(if at < document { having.seek(document) } else { at });
        }
        self.document = next;
        next
    }

    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        let hints = self.leading.iter().map(|target| target.occurrences.size_hint());
        let hints = hints.chain(self.having.as_ref().map(BitSetDocSet::size_hint));
        hints.fold(0, u32::saturating_add).min(self.max_document)
    }

    fn cost(&self) -> u64 {
        let costs = self.leading.iter().map(|target| target.occurrences.cost());
        let having = self.having.as_ref().map(|having| u64::from(having.size_hint()));
        costs.chain(having).sum()
    }
}

impl Scorer for WordScorer {
    fn score(&mut self) -> Score {
        let Some(norms) = &self.norms else {
            return 1.0;
        };
        let norms = norms.of(self.document);
        self.scores.fill(0.0);
        for target in &mut self.leading {
            if let Some(parts) = target.parts(self.document, &norms, None) {
                self.scores[target.way] += parts.sum();
            }
        }
        for target in &mut self.implied {
            let of_stem = target
                .stem
                .and_then(|stem| self.leading.get(stem))
                .map(|stem| stem.counts);
            if let Some(parts) = target.parts(self.document, &norms, of_stem) {
                self.scores[target.way] += parts.sum();
            }
        }
        self.best_way()
    }
}

struct TargetScorer {
    /// Among the targets of the query.
    rank: usize,
    way: usize,
    /// The leading target of its stem, where it is implied by that.
    stem: Option<usize>,
    /// Whether the word as typed is looked for beside it, whether the segment holds it or not.
    has_forms: bool,
    occurrences: Occurrences,
    /// In the document whose parts were given last.
    counts: Counts,
    gives: Gives,
    /// The same with what is implied by it.
    gives_with_implied: Gives,
    most_by_length: MostByLength,
}

/// What a target gives a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    /// In each zone, in their order; 0 where it is not there.
    pub(crate) zones: [Score; Zone::ALL.len()],
    /// Whatever its frequency.
    pub(crate) constant: Score,
}

impl Parts {
    fn sum(&self) -> Score {
        self.zones.iter().sum::<Score>() + self.constant
    }
}

impl TargetScorer {
    /// What it gives the document it is at, at the most, by the length of that.
    fn most_by_length(&mut self, norms: &SegmentNorms, length: u8) -> Score {
        let gives = &self.gives_with_implied;
        let reckon = |frequency, is_in_names, length: u8| {
            // What says it once has one word at the least.
            let shortest =
                |title: u32, parties: u32| norms.norms.of([length, title.min(1) as u8, parties.min(1) as u8]);
            gives.most_of(frequency, is_in_names, shortest)
        };
        let (frequency, is_in_names) = self.occurrences.frequency();
        if self.occurrences.size_hint() < MostByLength::LEAST_DOCUMENTS {
            return reckon(frequency, is_in_names, length);
        }
        self.most_by_length.get(frequency, is_in_names, length, reckon)
    }

    /// What it gives a document that is not before the last one asked for, by the norms of its zones, and by the counts of its stem
    /// where it is implied by that.
    fn parts(&mut self, document: DocId, norms: &[f32; Zone::ALL.len()], of_stem: Option<Counts>) -> Option<Parts> {
        if !self.occurrences.is_in(document) {
            return None;
        }
        let mut parts = Parts {
            zones: [0.0; Zone::ALL.len()],
            constant: self.gives.constant,
        };
        if self.gives.factors != [0.0; Zone::ALL.len()] {
            self.counts = self.occurrences.counts(of_stem);
            parts.zones = self.gives.of(self.counts, norms);
        }
        Some(parts)
    }
}
