//! The filters and the condition of a request, on codes.

use rex_index::{FacetColumns, FacetRows};
use rex_query::{Condition, Deadline, Facet, FacetKind, SearchRequest};
use tantivy::DocId;

use crate::error::Result;
use crate::facet::filter::CodeFilter;

/// The filters and the condition of a request, built once and applied in every pass.
#[derive(Default)]
pub(crate) struct CodeFilters {
    /// One per filtered facet.
    pub(crate) filters: Vec<CodeFilter>,
    /// `None` if every document fulfils it.
    pub(crate) condition: Option<CodeCondition>,
}

impl CodeFilters {
    /// Those of a request.
    ///
    /// # Errors
    /// A file of facets that is damaged; a deadline that is past.
    pub(crate) fn of(request: &SearchRequest, facets: &FacetColumns) -> Result<Self> {
        let filters = request.filters.iter();
        let filters = filters.map(|(facet, selections)| CodeFilter::new(facets.table(facet), selections));
        let is_narrowed = request.condition != Condition::default();
        let condition = is_narrowed.then(|| CodeCondition::new(&request.condition, facets, request.deadline));
        Ok(Self {
            filters: filters.collect::<tantivy::Result<_>>()?,
            condition: condition.transpose()?,
        })
    }

    /// Whether a document fulfils the condition.
    pub(crate) fn fulfils_condition(&self, rows: FacetRows<'_>, document: DocId) -> bool {
        self.condition
            .as_ref()
            .is_none_or(|condition| condition.accepts(rows, document))
    }

    /// Whether a document passes all filters and the condition.
    pub(crate) fn accepts(&self, rows: FacetRows<'_>, document: DocId) -> bool {
        self.filters.iter().all(|filter| filter.accepts(rows, document)) && self.fulfils_condition(rows, document)
    }
}

/// A condition that documents are tested against.
///
/// Conditions on one facet that stand beside each other are merged into one bit set, so that 500 of them cost as much as one.
pub(crate) enum CodeCondition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Has(CodeFilter),
}

impl CodeCondition {
    /// # Errors
    /// A file of facets that is damaged; a deadline that is past.
    pub(crate) fn new(condition: &Condition, facets: &FacetColumns, deadline: Deadline) -> Result<Self> {
        deadline.check()?;
        let new = |condition| Self::new(condition, facets, deadline);
        Ok(match condition {
            Condition::All(conditions) => {
                let mut all = Merged::default();
                for condition in conditions {
                    let parts = match new(condition)? {
                        Self::All(parts) => parts,
                        other => vec![other],
                    };
                    all.add(parts, CodeFilter::intersect);
                }
                all.joined(Self::All)
            }
            Condition::Any(conditions) => {
                let mut any = Merged::default();
                for condition in conditions {
                    let parts = match new(condition)? {
                        Self::Any(parts) => parts,
                        other => vec![other],
                    };
                    any.add(parts, CodeFilter::unite);
                }
                any.joined(Self::Any)
            }
            Condition::Not(condition) => match new(condition)? {
                Self::Has(filter) => Self::Has(filter.complement()),
                other => Self::Not(Box::new(other)),
            },
            Condition::Has(facet, selections) => Self::Has(CodeFilter::new(facets.table(*facet), selections)?),
            Condition::Reaches(facet, level) => Self::Has(reaching(*facet, *level, facets)?),
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

/// Accepts the documents with a value at a level of a hierarchy; none for a range.
fn reaching(facet: Facet, level: usize, facets: &FacetColumns) -> tantivy::Result<CodeFilter> {
    let table = facets.table(facet);
    match facet.kind() {
        FacetKind::Range => CodeFilter::new(table, &[]),
        FacetKind::Terms | FacetKind::Hierarchy => {
            let ordinals = table.ordinals_with_prefix(&facet.term_prefix_of_level(level));
            Ok(CodeFilter::of_values(table, ordinals))
        }
    }
}

/// The parts of a conjunction or a disjunction; at most one bit set per facet, and these first, as they are tested fastest.
#[derive(Default)]
struct Merged {
    filters: Vec<CodeFilter>,
    others: Vec<CodeCondition>,
}

impl Merged {
    fn add(&mut self, parts: Vec<CodeCondition>, merge: impl Fn(&mut CodeFilter, &CodeFilter)) {
        for part in parts {
            match part {
                CodeCondition::Has(filter) => match self.filters.iter_mut().find(|own| own.facet() == filter.facet()) {
                    Some(own) => merge(own, &filter),
                    None => self.filters.push(filter),
                },
                other => self.others.push(other),
            }
        }
    }

    fn joined(self, join: fn(Vec<CodeCondition>) -> CodeCondition) -> CodeCondition {
        let mut parts: Vec<CodeCondition> = self.filters.into_iter().map(CodeCondition::Has).collect();
        parts.extend(self.others);
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            last => {
                parts.extend(last);
                join(parts)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rex_indexer::IndexWriter;
    use rex_query::{Bounds, Selection};
    use tantivy::directory::RamDirectory;

    use super::*;
    use crate::open_index::OpenIndex;
    use crate::query::ranking_rules::Settings;

    fn amount(cents: u64) -> Condition {
        let bounds = Bounds {
            from: Some(cents),
            to: Some(cents),
        };
        Condition::Has(Facet::Montant, vec![Selection::Range(bounds)])
    }

    fn theme(name: &str) -> Condition {
        Condition::Has(Facet::Theme, vec![Selection::Value(name.to_owned())])
    }

    fn not(condition: Condition) -> Condition {
        Condition::Not(Box::new(condition))
    }

    /// The number of bit sets that a document is tested against at most.
    fn tests(condition: &CodeCondition) -> usize {
        match condition {
            CodeCondition::All(parts) | CodeCondition::Any(parts) => parts.iter().map(tests).sum(),
            CodeCondition::Not(part) => tests(part),
            CodeCondition::Has(_) => 1,
        }
    }

    #[test]
    fn conditions_on_one_facet_are_one_bit_set() {
        let directory = RamDirectory::create();
        let writer = IndexWriter::create(directory.clone()).unwrap();
        for rank in 0..40 {
            let record = serde_json::json!({"id": format!("c{rank}"), "titre": "tri", "montant_ht": rank,
                                            "themes": [format!("t{}", rank % 3), format!("t{}", rank % 5)]});
            writer.add(&serde_json::from_value(record).unwrap()).unwrap();
        }
        writer.finish().unwrap();
        let index = OpenIndex::open(&directory, Settings::default()).unwrap();
        let rows = index.facets.rows(0);
        let amounts = |join: fn(Vec<Condition>) -> Condition, negated: bool| {
            let each = (0..500).map(|cents| if negated { not(amount(cents)) } else { amount(cents) });
            join(each.collect())
        };
        let nested = (0..90).fold(theme("t1"), |inner, _| {
            not(Condition::All(vec![theme("t0"), inner, theme("t4")]))
        });
        for (condition, most) in [
            (amounts(Condition::All, true), 1),
            (amounts(Condition::Any, false), 1),
            (not(amounts(Condition::Any, true)), 1),
            (nested, 1),
            (
                Condition::All(vec![
                    amounts(Condition::Any, false),
                    theme("t1"),
                    amounts(Condition::All, true),
                ]),
                2,
            ),
            (
                Condition::Any(vec![
                    Condition::All(vec![amount(100), theme("t1")]),
                    Condition::Any(vec![theme("t2"), amount(700)]),
                    Condition::Reaches(Facet::Montant, 1),
                ]),
                4,
            ),
            (Condition::All(vec![Condition::Any(Vec::new()), theme("t1")]), 1),
        ] {
            let code = CodeCondition::new(&condition, &index.facets, Deadline::NONE).unwrap();
            assert!(tests(&code) <= most, "{} tests for {condition:?}", tests(&code));
            for document in 0..40 {
                let plain = holds(&condition, &index.facets, rows, document);
                assert_eq!(code.accepts(rows, document), plain, "{document}: {condition:?}");
            }
        }
    }

    /// Whether a document fulfils a condition, each part tested by itself.
    fn holds(condition: &Condition, facets: &FacetColumns, rows: FacetRows<'_>, document: DocId) -> bool {
        let holds = |part: &Condition| holds(part, facets, rows, document);
        match condition {
            Condition::All(parts) => parts.iter().all(holds),
            Condition::Any(parts) => parts.iter().any(holds),
            Condition::Not(part) => !holds(part),
            Condition::Has(facet, selections) => CodeFilter::new(facets.table(*facet), selections)
                .unwrap()
                .accepts(rows, document),
            Condition::Reaches(facet, level) => reaching(*facet, *level, facets).unwrap().accepts(rows, document),
        }
    }
}
