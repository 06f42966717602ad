//! Moves posting lists forward.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet};

/// The frequency in a document; 0 if it does not hold the term.
pub(crate) fn count_in(postings: Option<&mut SegmentPostings>, document: DocId) -> u32 {
    postings.map_or(0, |postings| {
        if seek(postings, document) == document {
            postings.term_freq()
        } else {
            0
        }
    })
}

/// Moves to a document, or to the first one after it. Unlike `Postings::seek`, it may be there or past it already.
pub(crate) fn seek(postings: &mut SegmentPostings, document: DocId) -> DocId {
    let at = postings.doc();
    if at < document { postings.seek(document) } else { at }
}
