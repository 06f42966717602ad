//! The records whose meaning is nearest, by comparing all of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rex_analysis::RecordVector;
use rex_index::record_vectors::BLOCK;
use rex_index::{RecordVectors, SortOrdinals};
use rex_query::Deadline;
use tantivy::{DocAddress, DocId, Searcher};

use crate::error::Result;

/// Blocks between two checks of the deadline.
const BETWEEN_CHECKS: usize = 64;

/// All records of an index, to be compared.
pub(crate) struct AllRecords<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) vectors: &'a RecordVectors,
    pub(crate) ordinals: &'a SortOrdinals,
}

/// The records with the highest similarity of at least `least`, the nearest first; equal ones in the order of their ids.
///
/// It reads 64 bytes of every record: a hundred thousand take some six milliseconds.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn nearest(
    records: &AllRecords<'_>,
    similarity: impl Fn(&RecordVector) -> f32,
    least: f32,
    limit: usize,
    accepts: impl Fn(DocAddress) -> bool,
    deadline: Deadline,
) -> Result<Vec<(f32, DocAddress)>> {
    let AllRecords {
        searcher,
        vectors,
        ordinals,
    } = records;
    // Similarities in fixed point, so that they have an order. The worst of the best is on top.
    let mut best: BinaryHeap<Reverse<(i64, Reverse<u32>, DocAddress)>> = BinaryHeap::with_capacity(limit + 1);
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let alive = segment.alive_bitset();
        let end: DocId = segment.max_doc();
        for (rank, start) in (0..end).step_by(BLOCK).enumerate() {
            if rank % BETWEEN_CHECKS == 0 {
                deadline.check()?;
            }
            let block = start..end.min(start.saturating_add(BLOCK as DocId));
            for (document, vector) in vectors.read(ordinal, block) {
                let Some(near) = vector.map(|vector| similarity(&vector)).filter(|near| *near >= least) else {
                    continue;
                };
                let key = (f64::from(near) * 1e9) as i64;
                let is_better = best.len() < limit || best.peek().is_some_and(|Reverse((worst, ..))| key >= *worst);
                let address = DocAddress::new(ordinal, document);
                if is_better && alive.is_none_or(|alive| alive.is_alive(document)) && accepts(address) {
                    best.push(Reverse((key, Reverse(ordinals.id_ordinal(address)), address)));
                    if best.len() > limit {
                        best.pop();
                    }
                }
            }
        }
    }
    let sorted = best.into_sorted_vec();
    Ok(sorted
        .into_iter()
        .map(|Reverse((key, _, address))| ((key as f64 / 1e9) as f32, address))
        .collect())
}
