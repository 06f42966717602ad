//! The ordered hits of a request, read in parts.

use std::ops::Range;

use rex_corpus::Record;
use rex_index::RecordDecoder;
use rex_query::{Scan, SearchError};
use tantivy::{DocAddress, Searcher, TantivyDocument};

use crate::error::Error;

/// The addresses of the hits, eight bytes each. It keeps reading its generation after a newer one is served.
pub(crate) struct HitScan {
    pub(crate) searcher: Searcher,
    pub(crate) records: RecordDecoder,
    pub(crate) generation: String,
    pub(crate) addresses: Vec<DocAddress>,
}

impl Scan for HitScan {
    fn len(&self) -> usize {
        self.addresses.len()
    }

    fn records(&self, hits: Range<usize>) -> Result<Vec<Record>, SearchError> {
        let end = hits.end.min(self.len());
        let addresses = &self.addresses[hits.start.min(end)..end];
        let read = |address: &DocAddress| {
            let document: TantivyDocument = self.searcher.doc(*address)?;
            self.records.record(&document)
        };
        let records: tantivy::Result<_> = addresses.iter().map(read).collect();
        records.map_err(|error| Error::from(error).of_generation(&self.generation))
    }
}
