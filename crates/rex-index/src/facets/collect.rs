use std::collections::HashMap;

use foldhash::fast::RandomState;
use rex_analysis::fold;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader, TantivyError};

use crate::facet::{Facet, FacetKind};

/// The values of one facet, and where the columns of each segment hold their codes.
pub(super) struct FacetColumns {
    pub(super) values: FacetValues,
    /// The sets of several values, as ranks, each sorted.
    pub(super) sets: Vec<Box<[u32]>>,
    codes: HashMap<Box<[u32]>, u32, RandomState>,
    segments: Vec<SegmentColumn>,
    /// Documents that have each value, by rank.
    pub(super) totals: Vec<u32>,
    /// Documents that have none.
    pub(super) missing: u32,
}

/// The different values of a facet, in their order.
pub(super) enum FacetValues {
    /// As the index writes them, in the order of their bytes.
    Terms(Vec<String>),
    Numbers(Vec<u64>),
}

/// What a segment holds of a facet.
enum SegmentColumn {
    Nothing,
    /// For each rank of the segment, that among the values of all segments.
    Terms(StrColumn, Vec<u32>),
    Numbers(Column<u64>),
}

impl FacetColumns {
    /// Reads what all documents have of a facet.
    ///
    /// # Errors
    /// Segments that cannot be read; more values than can be numbered.
    pub(super) fn read(facet: Facet, segments: &[SegmentReader]) -> tantivy::Result<Self> {
        let (values, columns) = match facet.kind() {
            FacetKind::Range => numbers(facet, segments)?,
            FacetKind::Terms | FacetKind::Hierarchy => terms(facet, segments)?,
        };
        let mut columns = Self {
            totals: vec![0; values.len()],
            values,
            sets: Vec::new(),
            codes: HashMap::default(),
            segments: columns,
            missing: 0,
        };
        columns.count(segments)?;
        Ok(columns)
    }

    /// The largest code there is.
    pub(super) fn last_code(&self) -> usize {
        self.values.len() + self.sets.len()
    }

    /// The code of a document. `ranks` is room to work in.
    pub(super) fn code(&self, segment: usize, document: DocId, ranks: &mut Vec<u32>) -> u32 {
        self.ranks(segment, document, ranks);
        match ranks.as_slice() {
            [] => 0,
            [rank] => rank + 1,
            set => self.codes.get(set).copied().unwrap_or_default(),
        }
    }

    /// Counts the values of every document, and numbers the sets.
    fn count(&mut self, segments: &[SegmentReader]) -> tantivy::Result<()> {
        let mut ranks = Vec::new();
        for (rank, segment) in segments.iter().enumerate() {
            for document in 0..segment.max_doc() {
                self.ranks(rank, document, &mut ranks);
                if ranks.len() > 1 && !self.codes.contains_key(ranks.as_slice()) {
                    let code = u32::try_from(self.last_code() + 1).map_err(|_| too_many())?;
                    self.codes.insert(ranks.as_slice().into(), code);
                    self.sets.push(ranks.as_slice().into());
                }
                if segment.is_deleted(document) {
                    continue;
                }
                self.missing += u32::from(ranks.is_empty());
                ranks.iter().for_each(|rank| self.totals[*rank as usize] += 1);
            }
        }
        Ok(())
    }

    /// The ranks of the values of a document, sorted.
    fn ranks(&self, segment: usize, document: DocId, ranks: &mut Vec<u32>) {
        ranks.clear();
        match &self.segments[segment] {
            SegmentColumn::Nothing => {}
            SegmentColumn::Terms(column, map) => {
                ranks.extend(column.term_ords(document).filter_map(|rank| map.get(rank as usize)));
                ranks.sort_unstable();
                ranks.dedup();
            }
            SegmentColumn::Numbers(column) => {
                let number = column.first(document);
                ranks.extend(number.and_then(|number| self.values.rank_of_number(number)));
            }
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

    fn rank_of_number(&self, number: u64) -> Option<u32> {
        match self {
            Self::Terms(_) => None,
            Self::Numbers(numbers) => numbers.binary_search(&number).ok().map(|rank| rank as u32),
        }
    }
}

type Columns = (FacetValues, Vec<SegmentColumn>);

fn numbers(facet: Facet, segments: &[SegmentReader]) -> tantivy::Result<Columns> {
    let mut numbers = Vec::new();
    let mut columns = Vec::new();
    for segment in segments {
        let column = segment.fast_fields().u64(facet.name())?;
        let mut of_segment = Vec::new();
        for document in 0..segment.max_doc() {
            of_segment.extend(column.first(document));
            // Memory is bounded by the different numbers, not by the documents.
            if of_segment.len() > 1 << 16 {
                distinct(&mut numbers, &mut of_segment);
            }
        }
        distinct(&mut numbers, &mut of_segment);
        columns.push(SegmentColumn::Numbers(column));
    }
    let _ = u32::try_from(numbers.len() + 1).map_err(|_| too_many())?;
    Ok((FacetValues::Numbers(numbers), columns))
}

/// Moves numbers to those that are known, sorted, each once.
fn distinct(known: &mut Vec<u64>, more: &mut Vec<u64>) {
    more.retain(|number| known.binary_search(number).is_err());
    known.append(more);
    known.sort_unstable();
    known.dedup();
}

fn terms(facet: Facet, segments: &[SegmentReader]) -> tantivy::Result<Columns> {
    let mut columns = Vec::new();
    for segment in segments {
        let column = segment.fast_fields().str(facet.name())?;
        let terms = column.as_ref().map(terms_of).transpose()?;
        columns.push(column.zip(terms));
    }
    let mut all: Vec<String> = match columns.as_mut_slice() {
        // The terms of a single segment are all there are, in their order.
        [Some((_, terms))] => std::mem::take(terms),
        _ => columns.iter().flatten().flat_map(|(_, terms)| terms.clone()).collect(),
    };
    let is_single = columns.len() == 1;
    if !is_single {
        all.sort_unstable();
        all.dedup();
    }
    let count = u32::try_from(all.len()).map_err(|_| too_many())?;
    let ranks = |terms: &[String]| -> Vec<u32> {
        let rank = |term: &String| all.binary_search(term).unwrap_or_default() as u32;
        terms.iter().map(rank).collect()
    };
    let columns = columns.into_iter().map(|column| match column {
        None => SegmentColumn::Nothing,
        Some((column, _)) if is_single => SegmentColumn::Terms(column, (0..count).collect()),
        Some((column, terms)) => SegmentColumn::Terms(column, ranks(&terms)),
    });
    let columns = columns.collect();
    Ok((FacetValues::Terms(all), columns))
}

fn terms_of(column: &StrColumn) -> tantivy::Result<Vec<String>> {
    let mut terms = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        let term = std::str::from_utf8(stream.key());
        terms.push(
            term.map_err(|error| TantivyError::InternalError(error.to_string()))?
                .to_owned(),
        );
    }
    Ok(terms)
}

fn too_many() -> TantivyError {
    TantivyError::InternalError("a facet has more values than can be numbered".to_owned())
}

/// What values are sorted by to stand as a dictionary would have them: their folded words, then their bytes.
pub fn dictionary_order(value: &str) -> impl Ord + use<> {
    let words: Vec<_> = value.split(' ').map(fold).collect();
    (words, value.to_owned())
}
