//! What a case has to fulfil, in the terms of one segment.

use std::ops::Range;

use tantivy::columnar::{StrColumn, TermOrdHit};
use tantivy::{DocId, SegmentReader};

use crate::counts::{FacetColumn, SegmentFilter};
use crate::request::Condition;

/// A condition, ready to be tried on the cases of a segment.
pub(crate) enum SegmentCondition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Has(SegmentFilter),
    /// A value whose rank is within.
    Reaches(StrColumn, Range<u64>),
}

impl SegmentCondition {
    pub(crate) fn new(condition: &Condition, reader: &SegmentReader) -> tantivy::Result<Self> {
        let each = |conditions: &[Condition]| {
            let each = conditions.iter().map(|condition| Self::new(condition, reader));
            each.collect::<tantivy::Result<Vec<_>>>()
        };
        Ok(match condition {
            Condition::All(conditions) => Self::All(each(conditions)?),
            Condition::Any(conditions) => Self::Any(each(conditions)?),
            Condition::Not(condition) => Self::Not(Box::new(Self::new(condition, reader)?)),
            Condition::Has(facet, selections) => Self::Has(SegmentFilter::new(*facet, selections, reader)?),
            Condition::Reaches(facet, level) => match FacetColumn::open(*facet, reader)? {
                FacetColumn::Terms(Some(terms)) => {
                    let ranks = ranks_that_begin(&terms, &facet.term_prefix_of_level(*level))?;
                    Self::Reaches(terms, ranks)
                }
                FacetColumn::Terms(None) | FacetColumn::Numbers(_) => Self::Any(Vec::new()),
            },
        })
    }

    /// Whether a case fulfils it.
    pub(crate) fn accepts(&self, document: DocId) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.accepts(document)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.accepts(document)),
            Self::Not(condition) => !condition.accepts(document),
            Self::Has(filter) => filter.accepts(document),
            Self::Reaches(terms, ranks) => terms.term_ords(document).any(|rank| ranks.contains(&rank)),
        }
    }
}

/// The ranks of the terms of a segment that begin so; terms are in the order of their bytes. None is past the last term.
pub(crate) fn ranks_that_begin(terms: &StrColumn, prefix: &str) -> tantivy::Result<Range<u64>> {
    let dictionary = terms.dictionary();
    // What begins with the prefix comes before the prefix followed by what no text holds.
    let end = [prefix.as_bytes(), &[0xff]].concat();
    // Past the last term, what comes next has the largest rank there is.
    let rank = |hit: &TermOrdHit| match hit {
        TermOrdHit::Exact(rank) | TermOrdHit::Next(rank) => (*rank).min(terms.num_terms() as u64),
    };
    Ok(rank(&dictionary.term_ord_or_next(prefix)?)..rank(&dictionary.term_ord_or_next(end)?))
}
