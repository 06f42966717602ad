//! Conditions over facets, on codes.

use rex_index::{FacetColumns, FacetRows};
use rex_query::FacetKind;
use tantivy::DocId;

use crate::facet::filter::CodeFilter;
use rex_query::Condition;

/// A condition that documents are tested against.
pub(crate) enum CodeCondition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Has(CodeFilter),
}

impl CodeCondition {
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn new(condition: &Condition, facets: &FacetColumns) -> tantivy::Result<Self> {
        let each = |conditions: &[Condition]| {
            let each = conditions.iter().map(|condition| Self::new(condition, facets));
            each.collect::<tantivy::Result<Vec<_>>>()
        };
        Ok(match condition {
            Condition::All(conditions) => Self::All(each(conditions)?),
            Condition::Any(conditions) => Self::Any(each(conditions)?),
            Condition::Not(condition) => Self::Not(Box::new(Self::new(condition, facets)?)),
            Condition::Has(facet, selections) => Self::Has(CodeFilter::new(facets.table(*facet), selections)?),
            Condition::Reaches(facet, level) => match facet.kind() {
                FacetKind::Range => Self::Any(Vec::new()),
                FacetKind::Terms | FacetKind::Hierarchy => {
                    let table = facets.table(*facet);
                    let ordinals = table.ordinals_with_prefix(&facet.term_prefix_of_level(*level));
                    Self::Has(CodeFilter::of_values(table, ordinals))
                }
            },
        })
    }

    /// Whether a document fulfils it.
    pub(crate) fn accepts(&self, rows: FacetRows<'_>, document: DocId) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.accepts(rows, document)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.accepts(rows, document)),
            Self::Not(condition) => !condition.accepts(rows, document),
            Self::Has(filter) => filter.accepts(rows, document),
        }
    }
}
