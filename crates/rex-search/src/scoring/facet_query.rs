//! Documents with a facet value, as a query.

use std::collections::HashMap;
use std::sync::Arc;

use rex_index::FacetColumns;
use rex_query::Facet;
use tantivy::index::SegmentId;
use tantivy::query::{BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, Score, Searcher, SegmentReader, TantivyError};

use crate::facet::filter::CodeFilter;
use rex_query::Selection;

/// The documents that have one of some facet values, by segment.
#[derive(Debug)]
pub(crate) struct FacetDocs(HashMap<SegmentId, BitSet>);

impl FacetDocs {
    /// Evaluates the selections.
    ///
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn new(
        searcher: &Searcher,
        facets: &FacetColumns,
        values: &[(Facet, Vec<Selection>)],
    ) -> tantivy::Result<Self> {
        let filters = values
            .iter()
            .map(|(facet, selections)| CodeFilter::new(facets.table(*facet), selections));
        let filters: Vec<_> = filters.collect::<tantivy::Result<_>>()?;
        let segments = (0..).zip(searcher.segment_readers());
        let found = segments.map(|(ordinal, segment)| {
            let rows = facets.rows(ordinal);
            let mut documents = BitSet::with_max_value(segment.max_doc());
            for document in 0..segment.max_doc() {
                if filters.iter().any(|filter| filter.accepts(rows, document)) {
                    documents.insert(document);
                }
            }
            (segment.segment_id(), documents)
        });
        Ok(Self(found.collect()))
    }

    /// The union of several sets.
    pub(crate) fn union(all: &[&Arc<Self>]) -> Arc<Self> {
        let [first, others @ ..] = all else {
            return Arc::new(Self(HashMap::new()));
        };
        if others.is_empty() {
            return Arc::clone(first);
        }
        let mut union = first.0.clone();
        for (segment, documents) in others.iter().flat_map(|other| &other.0) {
            let all = union.entry(*segment).or_insert_with(|| documents.clone());
            for document in (0..documents.max_value()).filter(|document| documents.contains(*document)) {
                all.insert(document);
            }
        }
        Arc::new(Self(union))
    }

    /// Whether the set is empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.values().all(|documents| documents.len() == 0)
    }

    /// The documents in a segment; `None` if there are none.
    pub(crate) fn in_segment(&self, segment: SegmentId) -> Option<BitSetDocSet> {
        let documents = self.0.get(&segment).filter(|documents| documents.len() > 0);
        documents.map(|documents| BitSetDocSet::from(documents.clone()))
    }
}

/// Finds these documents, all with one score.
#[derive(Debug, Clone)]
pub(crate) struct FacetDocsQuery {
    facet_docs: Arc<FacetDocs>,
    score: Score,
}

impl FacetDocsQuery {
    pub(crate) fn new(facet_docs: Arc<FacetDocs>, score: Score) -> Self {
        Self { facet_docs, score }
    }
}

impl Query for FacetDocsQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for FacetDocsQuery {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.facet_docs.in_segment(segment.segment_id()) {
            Some(documents) => Box::new(ConstScorer::new(documents, boost * self.score)),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!(
            "the score of document {document} is a constant"
        )))
    }
}
