//! The cases that have a value of a facet, as a query of the engine.

use std::collections::HashMap;
use std::sync::Arc;

use rex_index::{Facet, Facets};
use tantivy::index::SegmentId;
use tantivy::query::{BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, Score, Searcher, SegmentReader, TantivyError};

use crate::filter::CodeFilter;
use crate::request::Selection;

/// Finds the cases that have a value of a facet, all with one score.
#[derive(Debug, Clone)]
pub(crate) struct HavingQuery {
    documents: Arc<HashMap<SegmentId, BitSet>>,
    score: Score,
}

impl HavingQuery {
    /// Looks the cases up.
    ///
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn new(
        searcher: &Searcher,
        facets: &Facets,
        facet: Facet,
        value: String,
        score: Score,
    ) -> tantivy::Result<Self> {
        let filter = CodeFilter::new(facets.table(facet), &[Selection::Value(value)])?;
        let segments = (0..).zip(searcher.segment_readers());
        let found = segments.map(|(ordinal, segment)| {
            let rows = facets.rows(ordinal);
            let mut documents = BitSet::with_max_value(segment.max_doc());
            for document in 0..segment.max_doc() {
                if filter.accepts(rows, document) {
                    documents.insert(document);
                }
            }
            (segment.segment_id(), documents)
        });
        Ok(Self {
            documents: Arc::new(found.collect()),
            score,
        })
    }
}

impl Query for HavingQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for HavingQuery {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.documents.get(&segment.segment_id()) {
            Some(documents) => Box::new(ConstScorer::new(
                BitSetDocSet::from(documents.clone()),
                boost * self.score,
            )),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!(
            "nobody asks why document {document} is near"
        )))
    }
}
