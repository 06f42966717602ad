//! The cases that hold a word, in any of the ways it may be found, and what each of them scores.
//!
//! A text is indexed once in [`Zone::All`] and, where it is a title or a name, once more in a zone of its own. What it says
//! weighs more there, which is reckoned when a match is scored: the frequency of a word is that in the whole case, and the
//! lengths likewise, with the title and the names as often as [`Zone::REPEATS`] says (BM25F of Robertson, Zaragoza & Taylor).

use std::sync::Arc;

use rex_index::{Fields, Lengths, Zone};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{BitSetDocSet, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use crate::query::planner::ClauseRule;
use crate::query::term_stats::weight;
use crate::scoring::facet_query::Having;
use crate::scoring::postings::{Counts, Occurrences, Reading};
use crate::scoring::type_boost::HeldWord;

/// Saturation and length normalisation of BM25, as tantivy has them.
pub(crate) const K1: f32 = 1.2;
pub(crate) const B: f32 = 0.75;

/// The fields that something is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The words of the zones as they are written.
    Exact,
    /// Their stems.
    Stem,
    /// The stems of the label of the CPV code.
    Label,
}

/// One thing to look for, a word or words one after the other, and what it counts.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) rule: ClauseRule,
    pub(crate) place: Place,
    /// The words, in the order of their places.
    pub(crate) words: Vec<TargetWord>,
    /// In words, for who asks why.
    pub(crate) text: String,
    /// What BM25 is multiplied by in each zone, in their order; where it is 0, the zone counts nothing.
    pub(crate) weights: [f32; Zone::ALL.len()],
    /// What a match counts whatever its frequency.
    pub(crate) constant: f32,
    /// Whether it is a word as written whose stem is the target before it: whatever holds it holds that, so that no case has to be
    /// looked for by it.
    pub(crate) is_implied: bool,
}

/// One word of a target.
#[derive(Debug, Clone)]
pub(crate) struct TargetWord {
    /// Its place among the words.
    pub(crate) place: u32,
    /// As it is written, or its stem, as [`Target::place`] says.
    pub(crate) word: String,
    /// Its stem, which is all that the title and the names are known by.
    pub(crate) stem: String,
}

impl TargetWord {
    /// A stem alone.
    pub(crate) fn stem(stem: &str) -> Self {
        Self {
            place: 0,
            word: stem.to_owned(),
            stem: stem.to_owned(),
        }
    }
}

impl Target {
    /// What a zone knows a word by.
    pub(crate) fn term(&self, fields: &Fields, zone: Zone, word: &TargetWord) -> Term {
        let TargetWord { word, stem, .. } = word;
        let (field, text) = match (self.place, zone) {
            (Place::Label, _) => (fields.cpv_label, word),
            (Place::Exact, Zone::All) => (fields.of_exact(word), word),
            (Place::Exact | Place::Stem, zone) => (fields.stem(zone), stem),
        };
        Term::from_field_text(field, text)
    }

    /// What the zones count: the weight by how telling the words are there.
    fn factors(&self, fields: &Fields, searcher: &Searcher) -> tantivy::Result<[f32; Zone::ALL.len()]> {
        let mut factors = [0.0; Zone::ALL.len()];
        for zone in Zone::ALL {
            if self.weights[zone as usize] == 0.0 {
                continue;
            }
            let mut telling = 0.0;
            for word in &self.words {
                telling += weight(searcher.num_docs(), searcher.doc_freq(&self.term(fields, zone, word))?);
            }
            factors[zone as usize] = self.weights[zone as usize] * telling * (K1 + 1.0);
        }
        Ok(factors)
    }
}

/// The cases that hold a word: the targets of one way add up, and the best way counts.
#[derive(Debug, Clone)]
pub(crate) struct WordQuery {
    pub(crate) fields: Fields,
    pub(crate) lengths: Arc<Lengths>,
    pub(crate) ways: Vec<Way>,
    /// How telling the word is.
    pub(crate) weight: f32,
    /// Cases that count as holding the word whatever they say.
    pub(crate) having: Option<Arc<Having>>,
}

/// One way to find a word.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// What adds up.
    pub(crate) targets: Vec<Target>,
    /// What holding the word so raises a case by, where holding the word itself counts 1.
    pub(crate) share: f32,
    /// Whether it is a word whose places are known, so that it can be near others.
    pub(crate) is_placed: bool,
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

/// What a target can give a document.
#[derive(Debug, Clone, Copy)]
struct Gives {
    /// In each zone, in their order, where the frequency is without end.
    factors: [f32; Zone::ALL.len()],
    /// Whatever its frequency.
    constant: Score,
}

impl Gives {
    fn add(&mut self, other: &Self) {
        self.constant += other.constant;
        let factors = self.factors.iter_mut().zip(other.factors);
        factors.for_each(|(factor, more)| *factor += more);
    }

    /// To any document, at the most.
    fn most(&self) -> Score {
        self.constant + self.factors.iter().sum::<f32>()
    }

    /// At the most, to a document that says it so often, in the names or not, by the norms of one that says it so often in the title
    /// and in the names.
    fn most_of(&self, frequency: u32, is_in_names: bool, norms: impl Fn(u32, u32) -> [f32; Zone::ALL.len()]) -> Score {
        /// More is taken to be in the title and in the names at once.
        const TOLD_APART: u32 = 4;
        let split = |title: u32, parties: u32| {
            let zones = self.of([frequency, title, parties], &norms(title, parties));
            zones.iter().sum::<f32>()
        };
        let zones = match (is_in_names, frequency) {
            (false, _) => split(frequency, 0),
            (true, 0..=TOLD_APART) => (0..frequency)
                .map(|title| split(title, frequency - title))
                .fold(0.0, f32::max),
            (true, _) => split(frequency, frequency),
        };
        self.constant + zones
    }

    /// In each zone, to a document that says it so often in each.
    fn of(&self, counts: Counts, norms: &[f32; Zone::ALL.len()]) -> [Score; Zone::ALL.len()] {
        Zone::ALL.map(|zone| {
            let frequency = weighed(counts, zone);
            self.factors[zone as usize] * frequency / (frequency + norms[zone as usize])
        })
    }
}

/// What a target gives at the most, by the frequency in a document, whether that has it in the names, and its length: matches are many,
/// and lengths are few.
#[derive(Default)]
struct MostByLength(Vec<[Score; 256]>);

impl MostByLength {
    /// Frequencies that are kept, from 1 up.
    const FREQUENCIES: u32 = 4;
    /// Where documents are fewer, it is not worth the room.
    const LEAST_DOCUMENTS: u32 = 1 << 10;

    fn get(&mut self, frequency: u32, is_in_names: bool, length: u8, reckon: impl Fn(u32, bool, u8) -> Score) -> Score {
        if self.0.is_empty() {
            let kept = (1..=Self::FREQUENCIES).flat_map(|frequency| [(frequency, false), (frequency, true)]);
            let by_length = |(frequency, is_in_names)| {
                let mut length = 0;
                [0.0; 256].map(|_: Score| {
                    let most = reckon(frequency, is_in_names, length);
                    length = length.wrapping_add(1);
                    most
                })
            };
            self.0 = kept.map(by_length).collect();
        }
        let place = (2 * frequency as usize + usize::from(is_in_names)).wrapping_sub(2);
        match self.0.get(place) {
            Some(by_length) => by_length[usize::from(length)],
            None => reckon(frequency, is_in_names, length),
        }
    }
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

/// How often a zone says something, in the whole of a case with the title and the names as often as they weigh.
fn weighed(counts: Counts, zone: Zone) -> f32 {
    let count = |zone: Zone| counts[zone as usize] as f32;
    match zone {
        Zone::All => Zone::REPEATS
            .iter()
            .fold(count(zone), |sum, (part, times)| sum + (times - 1.0) * count(*part)),
        Zone::Title | Zone::Parties => count(zone),
    }
}

/// What BM25 adds to a frequency, by the lengths of the zones as they are kept, a byte each.
pub(crate) struct Norms {
    /// For the length of [`Zone::All`], and for that of the other zones on top of it.
    whole: [[f32; 256]; Zone::ALL.len()],
    /// For a zone by itself.
    alone: [[f32; 256]; Zone::ALL.len()],
}

impl Norms {
    pub(crate) fn new(fields: &Fields, lengths: &Lengths, searcher: &Searcher) -> Self {
        let words = |zone: Zone| lengths.words(fields.stem(zone)) as f32;
        let documents = searcher.num_docs().max(1) as f32;
        let repeated = Zone::REPEATS.iter().map(|(zone, times)| (times - 1.0) * words(*zone));
        let average = ((words(Zone::All) + repeated.sum::<f32>()) / documents).max(f32::MIN_POSITIVE);
        let table = |base: f32, by: f32| {
            let mut id = 0;
            [0.0; 256].map(|_: f32| {
                let length = FieldNormReader::id_to_fieldnorm(id) as f32;
                id = id.wrapping_add(1);
                K1 * (base + B * length * by)
            })
        };
        Self {
            whole: Zone::ALL.map(|zone| match zone {
                Zone::All => table(1.0 - B, 1.0 / average),
                Zone::Title | Zone::Parties => {
                    let times = Zone::REPEATS.iter().find(|(part, _)| *part == zone);
                    table(0.0, times.map_or(0.0, |(_, times)| (times - 1.0) / average))
                }
            }),
            alone: Zone::ALL.map(|zone| table(1.0 - B, documents / words(zone).max(1.0))),
        }
    }
}

impl Norms {
    /// What is added to the frequency of a word in each zone of a document, by the lengths of the zones; never 0.
    fn of(&self, lengths: [u8; Zone::ALL.len()]) -> [f32; Zone::ALL.len()] {
        let lengths = lengths.map(usize::from);
        Zone::ALL.map(|zone| match zone {
            Zone::All => self
                .whole
                .iter()
                .zip(lengths)
                .map(|(norms, length)| norms[length])
                .sum(),
            Zone::Title | Zone::Parties => self.alone[zone as usize][lengths[zone as usize]],
        })
    }
}

/// The norms of the documents of a segment.
pub(crate) struct SegmentNorms {
    norms: Arc<Norms>,
    lengths: [FieldNormReader; Zone::ALL.len()],
}

impl SegmentNorms {
    pub(crate) fn open(norms: &Arc<Norms>, fields: &Fields, segment: &SegmentReader) -> tantivy::Result<Self> {
        let open = |zone: Zone| segment.get_fieldnorms_reader(fields.stem(zone));
        let [all, title, parties] = Zone::ALL.map(open);
        Ok(Self {
            norms: Arc::clone(norms),
            lengths: [all?, title?, parties?],
        })
    }

    /// What is added to the frequency of a word in each zone of a document, in their order; never 0.
    pub(crate) fn of(&self, document: DocId) -> [f32; Zone::ALL.len()] {
        self.norms
            .of(self.lengths.each_ref().map(|lengths| lengths.fieldnorm_id(document)))
    }

    /// Words of a document, as exactly as its length is kept.
    pub(crate) fn words_of(&self, document: DocId) -> u32 {
        FieldNormReader::id_to_fieldnorm(self.length_of_all(document))
    }

    /// The length of the whole of a document, as it is kept.
    fn length_of_all(&self, document: DocId) -> u8 {
        self.lengths[Zone::All as usize].fieldnorm_id(document)
    }
}
