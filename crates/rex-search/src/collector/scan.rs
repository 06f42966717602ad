//! Every hit of a search, to be read bit by bit.

use std::ops::Range;

use rex_corpus::Record;
use tantivy::{DocAddress, Searcher};

use crate::collector::deadline::Deadline;
use crate::engine::{Engine, SearchError};
use crate::request::SearchRequest;

/// The hits of a search in their order, without their records: eight bytes a hit.
///
/// It goes on reading the generation it was made from, whatever becomes current meanwhile.
pub struct Listing {
    searcher: Searcher,
    addresses: Vec<DocAddress>,
}

impl Listing {
    /// How many hits there are.
    pub fn len(&self) -> usize {
        self.addresses.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }
}

impl Engine {
    /// All hits of a request in the order asked for, as [`Engine::search`] has them; its facets are not counted. `hits` says
    /// which of them, from 0, however deep.
    ///
    /// # Errors
    /// An index that cannot be read; a search that takes longer than its limit.
    pub fn list(&self, request: &SearchRequest, hits: Range<usize>) -> Result<Listing, SearchError> {
        let list = || -> tantivy::Result<Listing> {
            let deadline = Deadline::within(request.time_limit);
            let searcher = self.reader.searcher();
            let reading = self.reading(&searcher, &request.query)?;
            let request = SearchRequest {
                facets: Vec::new(),
                ..request.clone()
            };
            let matches = self.matches(&searcher, reading, &request, hits.end, deadline)?.found;
            let within = matches.hits.iter().skip(hits.start).take(hits.len());
            let addresses = within.map(|(_, address)| *address).collect();
            Ok(Listing { searcher, addresses })
        };
        list().map_err(|error| self.error(error))
    }

    /// The records of some hits of a listing, from 0; fewer where it ends.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn records(&self, listing: &Listing, hits: Range<usize>) -> Result<Vec<Record>, SearchError> {
        let end = hits.end.min(listing.len());
        let addresses = &listing.addresses[hits.start.min(end)..end];
        let records = addresses.iter().map(|address| self.record(&listing.searcher, *address));
        records
            .collect::<tantivy::Result<_>>()
            .map_err(|error| self.error(error))
    }
}
