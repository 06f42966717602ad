use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use rex_analysis::fold;
use rex_corpus::Record;
use tantivy::{SegmentReader, TantivyError};

use crate::facet::{Facet, FacetKind};
use crate::records::RecordReader;

/// The values of one facet, and the codes of what records have of it.
pub(super) struct FacetColumns {
    pub(super) facet: Facet,
    pub(super) values: FacetValues,
    /// The sets of several values, as ranks, each sorted.
    pub(super) sets: Vec<Box<[u32]>>,
    codes: HashMap<Box<[u32]>, u32, RandomState>,
    known: Known,
    /// Documents that have each value, by rank.
    pub(super) totals: Vec<u32>,
    /// Documents that have none.
    pub(super) missing: u32,
}

/// The different values of a facet, in their order.
pub(super) enum FacetValues {
    /// As filters name them, in the order of their bytes.
    Terms(Vec<String>),
    Numbers(Vec<u64>),
}

/// The number of each value: the order in which they were met or, once all are, their rank.
enum Known {
    Terms(HashMap<String, u32, RandomState>),
    Numbers(HashMap<u64, u32, RandomState>),
}

/// Reads what all documents of some segments have of every facet, in the order of [`Facet::ALL`].
///
/// # Errors
/// Segments that cannot be read; more values than can be numbered.
pub(super) fn collect(segments: &[SegmentReader], records: &RecordReader) -> tantivy::Result<Vec<FacetColumns>> {
    let mut facets: Vec<_> = Facet::ALL.into_iter().map(Collector::new).collect();
    let mut numbers = Vec::new();
    records.each(segments, |record| {
        facets.iter_mut().try_for_each(|facet| facet.add(&record, &mut numbers))
    })?;
    Ok(facets.into_iter().map(Collector::sort).collect())
}

/// The values of a facet, numbered as they are met.
struct Collector {
    facet: Facet,
    known: Known,
    totals: Vec<u32>,
    /// The sets of several values, in the order in which they were met.
    sets: Vec<Box<[u32]>>,
    known_sets: HashSet<Box<[u32]>, RandomState>,
    missing: u32,
}

impl Collector {
    fn new(facet: Facet) -> Self {
        Self {
            facet,
            known: match facet.kind() {
                FacetKind::Range => Known::Numbers(HashMap::default()),
                FacetKind::Terms | FacetKind::Hierarchy => Known::Terms(HashMap::default()),
            },
            totals: Vec::new(),
            sets: Vec::new(),
            known_sets: HashSet::default(),
            missing: 0,
        }
    }

    /// Counts what a record has. `numbers` is room to work in.
    fn add(&mut self, record: &Record, numbers: &mut Vec<u32>) -> tantivy::Result<()> {
        numbers.clear();
        match &mut self.known {
            Known::Terms(known) => {
                for value in self.facet.values(record) {
                    let next = known.len() as u32;
                    numbers.push(*known.entry(self.facet.term(&value)).or_insert(next));
                }
            }
            Known::Numbers(known) => {
                let next = known.len() as u32;
                let number = self.facet.number(record);
                numbers.extend(number.map(|number| *known.entry(number).or_insert(next)));
            }
        }
        self.totals.resize(self.known.len(), 0);
        self.missing += u32::from(numbers.is_empty());
        numbers.iter().for_each(|number| self.totals[*number as usize] += 1);
        numbers.sort_unstable();
        if numbers.len() > 1 && !self.known_sets.contains(numbers.as_slice()) {
            self.known_sets.insert(numbers.as_slice().into());
            self.sets.push(numbers.as_slice().into());
        }
        let is_full = u32::try_from(self.totals.len() + self.sets.len() + 1).is_err();
        if is_full { Err(too_many()) } else { Ok(()) }
    }

    /// Numbers the values by their rank.
    fn sort(self) -> FacetColumns {
        let Self {
            facet,
            mut known,
            totals,
            mut sets,
            missing,
            ..
        } = self;
        let mut ranks = vec![0; totals.len()];
        let mut totals_by_rank = Vec::with_capacity(totals.len());
        let mut rank = |number: &mut u32| {
            ranks[*number as usize] = totals_by_rank.len() as u32;
            totals_by_rank.push(totals[*number as usize]);
            *number = ranks[*number as usize];
        };
        let values = match &mut known {
            Known::Terms(known) => {
                let mut sorted: Vec<_> = known.iter_mut().collect();
                sorted.sort_unstable_by_key(|(term, _)| *term);
                FacetValues::Terms(
                    sorted
                        .into_iter()
                        .map(|(term, number)| (rank(number), term.clone()).1)
                        .collect(),
                )
            }
            Known::Numbers(known) => {
                let mut sorted: Vec<_> = known.iter_mut().collect();
                sorted.sort_unstable_by_key(|(value, _)| **value);
                FacetValues::Numbers(
                    sorted
                        .into_iter()
                        .map(|(value, number)| (rank(number), *value).1)
                        .collect(),
                )
            }
        };
        for set in &mut sets {
            set.iter_mut().for_each(|number| *number = ranks[*number as usize]);
            set.sort_unstable();
        }
        let first = totals.len() as u32 + 1;
        FacetColumns {
            facet,
            values,
            codes: sets.iter().cloned().zip(first..).collect(),
            sets,
            known,
            totals: totals_by_rank,
            missing,
        }
    }
}

impl FacetColumns {
    /// The largest code there is.
    pub(super) fn last_code(&self) -> usize {
        self.values.len() + self.sets.len()
    }

    /// The code of a record that was collected. `ranks` is room to work in.
    pub(super) fn code(&self, record: &Record, ranks: &mut Vec<u32>) -> u32 {
        ranks.clear();
        match &self.known {
            Known::Terms(known) => {
                let values = self.facet.values(record);
                ranks.extend(values.iter().filter_map(|value| known.get(&self.facet.term(value))));
                ranks.sort_unstable();
            }
            Known::Numbers(known) => {
                ranks.extend(self.facet.number(record).and_then(|number| known.get(&number)));
            }
        }
        match ranks.as_slice() {
            [] => 0,
            [rank] => rank + 1,
            set => self.codes.get(set).copied().unwrap_or_default(),
        }
    }
}

impl Known {
    fn len(&self) -> usize {
        match self {
            Self::Terms(known) => known.len(),
            Self::Numbers(known) => known.len(),
        }
    }
}

impl FacetValues {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Terms(terms) => terms.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }
}

fn too_many() -> TantivyError {
    TantivyError::InternalError("a facet has more values than can be numbered".to_owned())
}

/// What values are sorted by to stand as a dictionary would have them: their folded words, then their bytes.
pub fn dictionary_order(value: &str) -> impl Ord + use<> {
    let words: Vec<_> = value.split(' ').map(fold).collect();
    (words, value.to_owned())
}
