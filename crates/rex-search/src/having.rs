//! The cases that have a value of a facet, as a query of the engine.

use std::collections::HashMap;
use std::sync::Arc;

use rex_index::{Facet, Facets};
use tantivy::index::SegmentId;
use tantivy::query::{BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocAddress, DocId, Score, Searcher, SegmentReader, TantivyError};

use crate::filter::CodeFilter;
use crate::request::Selection;

/// The cases that have one of some values of a facet, segment by segment.
#[derive(Debug)]
pub(crate) struct Having(HashMap<SegmentId, BitSet>);

impl Having {
    /// Looks the cases up.
    ///
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn new(
        searcher: &Searcher,
        facets: &Facets,
        facet: Facet,
        selections: &[Selection],
    ) -> tantivy::Result<Self> {
        let filter = CodeFilter::new(facets.table(facet), selections)?;
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
        Ok(Self(found.collect()))
    }

    /// Whether a case is among them.
    pub(crate) fn has(&self, searcher: &Searcher, address: DocAddress) -> bool {
        let segment = searcher.segment_reader(address.segment_ord).segment_id();
        self.0
            .get(&segment)
            .is_some_and(|documents| documents.contains(address.doc_id))
    }

    /// Those of a segment; none where there is none.
    pub(crate) fn in_segment(&self, segment: SegmentId) -> Option<BitSetDocSet> {
        let documents = self.0.get(&segment).filter(|documents| documents.len() > 0);
        documents.map(|documents| BitSetDocSet::from(documents.clone()))
    }
}

/// Finds the cases that have a value of a facet, all with one score.
#[derive(Debug, Clone)]
pub(crate) struct HavingQuery {
    having: Arc<Having>,
    score: Score,
}

impl HavingQuery {
    pub(crate) fn new(having: Arc<Having>, score: Score) -> Self {
        Self { having, score }
    }
}

impl Query for HavingQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for HavingQuery {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.having.in_segment(segment.segment_id()) {
            Some(documents) => Box::new(ConstScorer::new(documents, boost * self.score)),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!(
            "nobody asks why document {document} is near"
        )))
    }
}
