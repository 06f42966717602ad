use std::sync::Arc;

use rex_index::Lengths;
use tantivy::Term;
use tantivy::query::{EnableScoring, Query, Weight};

/// A query whose scores are made with the lengths that the index keeps, instead of those that the engine guesses.
#[derive(Debug)]
pub(crate) struct Weighed {
    query: Box<dyn Query>,
    lengths: Arc<Lengths>,
}

impl Weighed {
    pub(crate) fn new(query: impl Into<Box<dyn Query>>, lengths: &Arc<Lengths>) -> Self {
        Self {
            query: query.into(),
            lengths: Arc::clone(lengths),
        }
    }
}

impl Clone for Weighed {
    fn clone(&self) -> Self {
        Self {
            query: self.query.box_clone(),
            lengths: Arc::clone(&self.lengths),
        }
    }
}

impl Query for Weighed {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        match scoring {
            EnableScoring::Enabled { searcher, .. } => self.lengths.weigh(&*self.query, searcher),
            disabled @ EnableScoring::Disabled { .. } => self.query.weight(disabled),
        }
    }

    fn query_terms<'a>(&'a self, visit: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visit);
    }
}
