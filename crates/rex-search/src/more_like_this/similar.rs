//! The cases most similar to one: by their text, purchase, place, amount and reservation.
//!
//! ```text
//! case ─ interesting terms, CPV, territory ─ query ─ candidates ─ compared one by one ─ Similar, with its reasons
//! ```

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rex_analysis::RecordVector;
use rex_corpus::{Record, Reserve};
use rex_index::{FacetColumns, FieldLengths, Fields, RecordVectors, SortOrdinals};
use rex_query::{Deadline, Facet};
use tantivy::collector::TopDocs;
use tantivy::collector::sort_key::SortBySimilarityScore;
use tantivy::index::SegmentId;
use tantivy::query::{BooleanQuery, EnableScoring, Query};
use tantivy::{DocAddress, DocId, DocSet, Order, Searcher, SegmentOrdinal, SegmentReader};

use crate::error::Result;
use crate::meaning::near_words::subject_words;
use crate::meaning::nearest::{AllRecords, nearest};
use crate::more_like_this::interesting_terms::{InterestingTerm, interesting_terms};
use crate::scoring::facet_query::{FacetDocs, FacetDocsQuery};
use rex_query::{Reason, Selection, Similar};

/// Candidates that are compared: the best matches of the query, and the nearest in meaning.
const CANDIDATES: usize = 200;
const NEAR_CANDIDATES: usize = 50;
/// Cases of the largest index in which all are compared in meaning: some six milliseconds.
const MAX_COMPARED: u64 = 100_000;
/// Cosine of two cases above which they are about the same subject.
const MIN_COSINE: f32 = 0.6;

/// The weights add up to 10. The text weighs most, by its words and its meaning: it says what was done, while many codes are vague or
/// wrong.
const WORDS_WEIGHT: f32 = 3.0;
const MEANING_WEIGHT: f32 = 1.5;
/// After the text, a buyer looks for the same purchase.
const CPV_WEIGHT: f32 = 2.5;
/// Companies of the same place are the same.
const TERRITORY_WEIGHT: f32 = 1.5;
/// The amount decides the procedure, and which companies can follow; but two purchases at one price need not be alike.
const AMOUNT_WEIGHT: f32 = 0.75;
/// A reservation says for whom a case is an example, and every other case has one.
const RESERVE_WEIGHT: f32 = 0.75;

/// Minimum share of the interesting terms, by weight, that a similar case has: two of twenty-five.
const MIN_SHARE: f32 = 0.08;
/// Minimum number of shared terms: a single one may be chance.
const MIN_WORDS: usize = 2;
/// Terms named in a reason.
const NAMED_WORDS: usize = 5;
/// Maximum ratio of two similar amounts.
const NEAR_AMOUNTS: f64 = 2.0;

/// Scores in the candidate query for facet values, next to the few points of a rare term: the same code, its branch of four digits, the
/// same collectivité, the same département.
const FOUND_BY_CODE: f32 = 8.0;
const FOUND_BY_BRANCH: f32 = 4.0;
const FOUND_BY_COLLECTIVITE: f32 = 4.0;
const FOUND_BY_DEPARTEMENT: f32 = 2.0;

/// The index in which similar cases are searched.
pub(crate) struct Nearby<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) lengths: &'a Arc<FieldLengths>,
    pub(crate) facets: &'a FacetColumns,
    pub(crate) ordinals: &'a SortOrdinals,
    /// `None` if meaning is not compared.
    pub(crate) vectors: Option<&'a RecordVectors>,
}

impl Nearby<'_> {
    /// The cases most similar to that of a document, the most similar first; `read` reads a case.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn similar(
        &self,
        itself: DocAddress,
        limit: usize,
        read: impl Fn(DocAddress) -> tantivy::Result<Record>,
    ) -> Result<Vec<Similar>> {
        let Self {
            searcher,
            fields,
            lengths,
            ..
        } = *self;
        let record = &read(itself)?;
        let words = interesting_terms(searcher, fields, record)?;
        let query = self.candidates(record, &words)?;
        let segments = searcher.segment_readers().iter().map(SegmentReader::segment_id);
        let segment_ordinals: HashMap<SegmentId, SegmentOrdinal> = segments.zip(0..).collect();
        let ordinals = self.ordinals.clone();
        let by_id = move |segment: &SegmentReader| {
            let ordinals = ordinals.clone();
            let segment_ordinal = segment_ordinals.get(&segment.segment_id()).copied().unwrap_or_default();
            move |document: DocId| ordinals.id_ordinal(DocAddress::new(segment_ordinal, document))
        };
        // Ties are in the order of the ids, not of the documents in the index.
        let order = ((SortBySimilarityScore, Order::Desc), (by_id, Order::Asc));
        // One more, as the case itself may be among them.
        let found = searcher.search(&query, &TopDocs::with_limit(CANDIDATES + 1).order_by(order))?;
        let found = found.into_iter().map(|(_, address)| address);
        let mut addresses: Vec<DocAddress> = found.filter(|address| *address != itself).take(CANDIDATES).collect();
        let vector_of = |address| self.vectors.and_then(|vectors| vectors.get(address));
        let vector = vector_of(itself);
        addresses.extend(self.nearest(itself, vector.as_ref())?);
        addresses.sort_unstable();
        addresses.dedup();
        let shared = shared_words(searcher, fields, lengths, &words, &addresses)?;
        let mut similar = Vec::new();
        for (address, shared) in shared {
            let other = read(address)?;
            let vectors = vector.zip(vector_of(address));
            similar.extend(compare(record, other, &words, &shared, vectors));
        }
        similar.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.record.id.cmp(&b.record.id)));
        similar.truncate(limit);
        Ok(similar)
    }

    /// The cases nearest in meaning to one with this vector.
    fn nearest(&self, itself: DocAddress, vector: Option<&RecordVector>) -> Result<Vec<DocAddress>> {
        let is_small = self.searcher.num_docs() <= MAX_COMPARED;
        let (Some(vectors), Some(vector), true) = (self.vectors, vector, is_small) else {
            return Ok(Vec::new());
        };
        let records = AllRecords {
            searcher: self.searcher,
            vectors,
            ordinals: self.ordinals,
        };
        let found = nearest(
            &records,
            |other| vector.cosine(other),
            MIN_COSINE,
            NEAR_CANDIDATES,
            |address| address != itself,
            Deadline::NONE,
        )?;
        Ok(found.into_iter().map(|(_, address)| address).collect())
    }

    /// The query for candidates: any interesting term, a similar code, a close territory.
    fn candidates(&self, record: &Record, words: &[InterestingTerm]) -> tantivy::Result<BooleanQuery> {
        let query = |word: &InterestingTerm| -> Box<dyn Query> { Box::new(word.query(self.fields, self.lengths)) };
        let mut near: Vec<Box<dyn Query>> = words.iter().map(query).collect();
        let mut add = |facet: Facet, value: Option<String>, score: f32| -> tantivy::Result<()> {
            if let Some(value) = value {
                let facet_docs = FacetDocs::new(self.searcher, self.facets, &[(facet, vec![Selection::Value(value)])])?;
                near.push(Box::new(FacetDocsQuery::new(Arc::new(facet_docs), score)));
            }
            Ok(())
        };
        let branches = record.cpv.map(|cpv| cpv.branches()).unwrap_or_default();
        add(Facet::Cpv, branches.get(2).cloned(), FOUND_BY_BRANCH)?;
        add(
            Facet::Cpv,
            branches.last().filter(|_| branches.len() != 3).cloned(),
            FOUND_BY_CODE,
        )?;
        let mut places = Facet::Territoire.values(record);
        places.sort_by_key(String::len);
        add(Facet::Territoire, places.get(1).cloned(), FOUND_BY_DEPARTEMENT)?;
        add(Facet::Territoire, places.get(2).cloned(), FOUND_BY_COLLECTIVITE)?;
        Ok(BooleanQuery::union(near))
    }
}

/// The indexes of the terms that each candidate holds.
fn shared_words(
    searcher: &Searcher,
    fields: &Fields,
    lengths: &Arc<FieldLengths>,
    words: &[InterestingTerm],
    addresses: &[DocAddress],
) -> tantivy::Result<BTreeMap<DocAddress, Vec<usize>>> {
    let mut shared: BTreeMap<DocAddress, Vec<usize>> = addresses.iter().map(|address| (*address, Vec::new())).collect();
    let mut segments: BTreeMap<SegmentOrdinal, Vec<DocId>> = BTreeMap::new();
    for address in shared.keys() {
        segments.entry(address.segment_ord).or_default().push(address.doc_id);
    }
    for (rank, word) in words.iter().enumerate() {
        let weight = word
            .query(fields, lengths)
            .weight(EnableScoring::disabled_from_searcher(searcher))?;
        for (segment, documents) in &segments {
            let mut postings = weight.scorer(searcher.segment_reader(*segment), 1.0)?;
            for document in documents {
                if postings.doc() < *document {
                    postings.seek(*document);
                }
                if postings.doc() == *document
                    && let Some(words) = shared.get_mut(&DocAddress::new(*segment, *document))
                {
                    words.push(rank);
                }
            }
        }
    }
    Ok(shared)
}

/// Compares two cases; `None` if they share neither text, meaning, place nor purchase.
fn compare(
    record: &Record,
    other: Record,
    words: &[InterestingTerm],
    shared: &[usize],
    vectors: Option<(RecordVector, RecordVector)>,
) -> Option<Similar> {
    let topics = [
        cpv(record, &other).map(|(nearness, reason)| (CPV_WEIGHT * nearness, reason)),
        territory(record, &other).map(|(nearness, reason)| (TERRITORY_WEIGHT * nearness, reason)),
    ];
    let circumstances = [
        amount(record, &other).map(|(nearness, reason)| (AMOUNT_WEIGHT * nearness, reason)),
        reserve(record, &other).map(|(nearness, reason)| (RESERVE_WEIGHT * nearness, reason)),
    ];
    let text = text(words, shared).map(|(nearness, reason)| (WORDS_WEIGHT * nearness, reason));
    let meaning = vectors.and_then(|(itself, near)| {
        let shared: Vec<&str> = shared.iter().map(|rank| words[*rank].stem.as_str()).collect();
        meaning(&itself, &other, &near, &shared)
    });
    let meaning = meaning.map(|(nearness, reason)| (MEANING_WEIGHT * nearness, reason));
    if text.is_none() && meaning.is_none() && topics.iter().all(Option::is_none) {
        return None;
    }
    let common = topics.into_iter().chain(circumstances).chain([text, meaning]).flatten();
    let (points, mut reasons): (Vec<f32>, Vec<Reason>) = common.unzip();
    if reasons.len() > 1 {
        // All its words are shared, and named already.
        reasons.retain(|reason| *reason != Reason::Subject(Vec::new()));
    }
    Some(Similar {
        record: other,
        score: points.iter().sum(),
        reasons,
    })
}

/// The similarity of two cases in one respect, from 0 to 1, and the reason.
type SharedTrait = Option<(f32, Reason)>;

/// By the number of common first digits: a division is broad, a code is one thing.
fn cpv(record: &Record, other: &Record) -> SharedTrait {
    let (cpv, other) = (record.cpv?, other.cpv?);
    if cpv == other {
        return Some((1.0, Reason::Code(other)));
    }
    let branches = other.branches();
    let shared = cpv
        .branches()
        .into_iter()
        .zip(&branches)
        .take_while(|(one, two)| one == *two);
    // The first branch has two digits.
    let digits = shared.count() + 1;
    (digits >= 2).then(|| {
        let nearness = (digits - 1) as f32 / 8.0;
        (nearness, Reason::Branch(cpv.digits()[..digits].to_owned()))
    })
}

/// 1 for the same collectivité, a half for the same département, a quarter for the same région.
fn territory(record: &Record, other: &Record) -> SharedTrait {
    let levels = record.territoire.iter().zip(&other.territoire);
    let shared: Vec<String> = levels
        .take_while(|(one, two)| one == two)
        .map(|(one, _)| one.clone())
        .collect();
    let nearness = match shared.len() {
        0 => return None,
        1 => 0.25,
        2 => 0.5,
        _ => 1.0,
    };
    Some((nearness, Reason::Territory(shared)))
}

/// By the logarithm of the ratio: 1 for the same amount, 0 for the double.
fn amount(record: &Record, other: &Record) -> SharedTrait {
    let (amount, other) = (record.montant_ht?, other.montant_ht?);
    let ratio = amount.to_f64().max(other.to_f64()) / amount.to_f64().min(other.to_f64());
    // Two amounts of 0 have no ratio and are not similar.
    (ratio <= NEAR_AMOUNTS).then(|| ((1.0 - ratio.log(NEAR_AMOUNTS)) as f32, Reason::Amount(other)))
}

/// By the share of common reservations among those of either.
fn reserve(record: &Record, other: &Record) -> SharedTrait {
    let common: Vec<Reserve> = record
        .reserve
        .iter()
        .copied()
        .filter(|one| other.reserve.contains(one))
        .collect();
    let all = record.reserve.len() + other.reserve.len() - common.len();
    (!common.is_empty()).then(|| (common.len() as f32 / all as f32, Reason::Reserve(common)))
}

/// By the cosine: 0 for [`MIN_COSINE`], 1 for the same meaning. The reason names words that are not shared.
fn meaning(itself: &RecordVector, other: &Record, vector: &RecordVector, shared: &[&str]) -> SharedTrait {
    let cosine = itself.cosine(vector);
    (cosine >= MIN_COSINE).then(|| {
        let nearness = (cosine - MIN_COSINE) / (1.0 - MIN_COSINE);
        (nearness, Reason::Subject(subject_words(other, vector, itself, shared)))
    })
}

/// By the shared interesting terms, weighted.
fn text(words: &[InterestingTerm], shared: &[usize]) -> SharedTrait {
    let all: f32 = words.iter().map(|word| word.weight).sum();
    let common: f32 = shared.iter().map(|rank| words[*rank].weight).sum();
    let share = common / all;
    (share >= MIN_SHARE && shared.len() >= MIN_WORDS).then(|| {
        let named = shared.iter().take(NAMED_WORDS).map(|rank| words[*rank].spelled.clone());
        (share, Reason::Words(named.collect()))
    })
}
