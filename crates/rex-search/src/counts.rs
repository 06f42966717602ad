//! Counting the values of one facet over the matches of one segment.

use rex_index::{Facet, FacetKind};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use crate::range::RangeCounts;
use crate::request::{Bounds, Selection};

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
    /// Ranks of the values selected, sorted.
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
                match selection {
                    Selection::Value(value) => ranks.extend(terms.dictionary().term_ord(facet.term(value))?),
                    Selection::Range(bounds) => ranks.extend(numbers_within(terms, *bounds)?),
                    Selection::Missing => {}
                }
            }
        }
        ranks.sort_unstable();
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
                ranks.any(|rank| self.ranks.binary_search(&rank).is_ok())
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

/// The ranks of the values that are numbers within bounds.
fn numbers_within(terms: &StrColumn, bounds: Bounds) -> tantivy::Result<Vec<u64>> {
    let mut ranks = Vec::new();
    let mut stream = terms.dictionary().stream()?;
    while stream.advance() {
        let number = std::str::from_utf8(stream.key())
            .ok()
            .and_then(|text| text.parse().ok());
        if number.is_some_and(|number| bounds.contains(number)) {
            ranks.push(stream.term_ord());
        }
    }
    Ok(ranks)
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

impl SegmentCounts {
    /// No count yet; of a range facet, so many different numbers are to be told apart.
    pub(crate) fn new(facet: Facet, max_numbers: usize, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(match FacetColumn::open(facet, reader)? {
            FacetColumn::Terms(terms) => Self::Terms {
                counts: vec![0; terms.as_ref().map_or(0, |terms| terms.num_terms())],
                terms,
                missing: 0,
            },
            FacetColumn::Numbers(numbers) => Self::Numbers {
                numbers,
                range: RangeCounts::new(facet, max_numbers),
            },
        })
    }

    /// Cases without a value.
    pub(crate) fn missing(&self) -> u64 {
        match self {
            Self::Terms { missing, .. } => *missing,
            Self::Numbers { range, .. } => range.missing,
        }
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
