//! Counting the values of one facet over the matches of one segment.

use rex_index::{Facet, FacetKind};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use crate::facet::steps;
use crate::request::Selection;

/// What a facet's column holds in one segment.
pub(crate) enum FacetColumn {
    /// Values by their rank in the segment; none where no case of the segment has one.
    Terms(Option<StrColumn>),
    Numbers(Column<u64>),
}

impl FacetColumn {
    pub(crate) fn open(facet: Facet, reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        Ok(match facet.kind() {
            FacetKind::Range => Self::Numbers(columns.u64(facet.name())?),
            FacetKind::Terms | FacetKind::Hierarchy => Self::Terms(columns.str(facet.name())?),
        })
    }
}

/// The selections of one facet, in the terms of one segment.
pub(crate) struct SegmentFilter {
    column: FacetColumn,
    /// Ranks of the values selected.
    ranks: Vec<u64>,
    selections: Vec<Selection>,
    missing: bool,
}

impl SegmentFilter {
    pub(crate) fn new(facet: Facet, selections: &[Selection], reader: &SegmentReader) -> tantivy::Result<Self> {
        let column = FacetColumn::open(facet, reader)?;
        let mut ranks = Vec::new();
        if let FacetColumn::Terms(Some(terms)) = &column {
            for selection in selections {
                if let Selection::Value(value) = selection {
                    ranks.extend(terms.dictionary().term_ord(facet.term(value))?);
                }
            }
        }
        Ok(Self {
            column,
            ranks,
            missing: selections.contains(&Selection::Missing),
            selections: selections.to_vec(),
        })
    }

    /// Whether a case has one of the values selected.
    pub(crate) fn accepts(&self, document: DocId) -> bool {
        match &self.column {
            FacetColumn::Terms(None) => self.missing,
            FacetColumn::Terms(Some(terms)) => {
                let mut ranks = terms.term_ords(document).peekable();
                if ranks.peek().is_none() {
                    return self.missing;
                }
                ranks.any(|rank| self.ranks.contains(&rank))
            }
            FacetColumn::Numbers(numbers) => match numbers.first(document) {
                None => self.missing,
                Some(number) => self
                    .selections
                    .iter()
                    .any(|selection| matches!(selection, Selection::Range(bounds) if bounds.contains(number))),
            },
        }
    }
}

/// The counts of one facet in one segment.
pub(crate) enum SegmentCounts {
    Terms {
        terms: Option<StrColumn>,
        /// By rank.
        counts: Vec<u32>,
        missing: u64,
    },
    Numbers {
        numbers: Column<u64>,
        range: RangeCounts,
    },
}

/// The counts of a range facet.
#[derive(Debug, Clone)]
pub(crate) struct RangeCounts {
    steps: &'static [u64],
    /// One a step: numbers from it up to the next.
    pub(crate) counts: Vec<u64>,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    pub(crate) missing: u64,
}

impl RangeCounts {
    pub(crate) fn new(facet: Facet) -> Self {
        let steps = steps(facet);
        Self {
            steps,
            counts: vec![0; steps.len()],
            min: None,
            max: None,
            missing: 0,
        }
    }

    fn add(&mut self, number: Option<u64>) {
        let Some(number) = number else {
            self.missing += 1;
            return;
        };
        // The first step is 0, so a number always has one at or below it.
        let bucket = self.steps.partition_point(|step| *step <= number).saturating_sub(1);
        self.counts[bucket] += 1;
        self.min = Some(self.min.map_or(number, |min| min.min(number)));
        self.max = self.max.max(Some(number));
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.counts
            .iter_mut()
            .zip(&other.counts)
            .for_each(|(count, more)| *count += more);
        self.min = self.min.into_iter().chain(other.min).min();
        self.max = self.max.max(other.max);
        self.missing += other.missing;
    }
}

impl SegmentCounts {
    pub(crate) fn new(facet: Facet, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(match FacetColumn::open(facet, reader)? {
            FacetColumn::Terms(terms) => Self::Terms {
                counts: vec![0; terms.as_ref().map_or(0, |terms| terms.num_terms())],
                terms,
                missing: 0,
            },
            FacetColumn::Numbers(numbers) => Self::Numbers {
                numbers,
                range: RangeCounts::new(facet),
            },
        })
    }

    pub(crate) fn add(&mut self, document: DocId) {
        match self {
            Self::Numbers { numbers, range } => range.add(numbers.first(document)),
            Self::Terms {
                terms: None, missing, ..
            } => *missing += 1,
            Self::Terms {
                terms: Some(terms),
                counts,
                missing,
            } => {
                let mut is_missing = true;
                for rank in terms.term_ords(document) {
                    counts[rank as usize] += 1;
                    is_missing = false;
                }
                *missing += u64::from(is_missing);
            }
        }
    }
}
