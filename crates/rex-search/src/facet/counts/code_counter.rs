//! Counts the codes of a facet.

use rex_index::{FacetSlot, FacetTable};
use tantivy::error::DataCorruption;

use super::accumulator::Accumulator;
use super::value_counts::ValueCounts;

/// Length of the list of codes: this many, or this share of the codes of a facet that has more.
const MAX_SPARSE: usize = 64;
const MAX_SPARSE_SHARE: usize = 64;

/// Counts the codes of one facet, see [`crate::facet::counts`].
pub(crate) struct CodeCounter<'a> {
    table: &'a FacetTable,
    sparse: Vec<u32>,
    /// `None` while the codes fit into `sparse`.
    dense: Option<Accumulator>,
    /// Whether some document had a code that the facet does not have.
    is_damaged: bool,
}

impl<'a> CodeCounter<'a> {
    pub(crate) fn new(table: &'a FacetTable) -> Self {
        Self {
            table,
            sparse: Vec::new(),
            dense: None,
            is_damaged: false,
        }
    }

    /// Counts documents by their codes.
    pub(crate) fn add(&mut self, codes: impl ExactSizeIterator<Item = u32>) {
        if self.dense.is_none()
            && self.sparse.len() + codes.len() <= MAX_SPARSE.max(self.table.codes() / MAX_SPARSE_SHARE)
        {
            self.sparse.extend(codes);
            return;
        }
        let dense = self.dense.get_or_insert_with(|| Accumulator::new(self.table));
        let are_known = dense.add(self.sparse.drain(..)) & dense.add(codes);
        self.is_damaged |= !are_known;
    }

    /// The slot of the facet in the row of a document.
    pub(crate) fn slot(&self) -> FacetSlot {
        self.table.slot()
    }

    /// The counts of the values.
    ///
    /// # Errors
    /// A document had a code that the facet does not have: the file is damaged.
    pub(crate) fn finish(mut self) -> tantivy::Result<ValueCounts> {
        let table = self.table;
        let sets = table.sets();
        let counts = match self.dense {
            None => {
                self.is_damaged |= self.sparse.iter().any(|code| *code >= sets.end);
                let several: Vec<u32> = self.sparse.iter().copied().filter(|code| sets.contains(code)).collect();
                self.sparse.retain(|code| !sets.contains(code));
                for code in several {
                    self.sparse
                        .extend(table.ordinals(code).map(|ordinal| ordinal.saturating_add(1)));
                }
                self.sparse.sort_unstable();
                let runs = self.sparse.chunk_by(|one, two| one == two);
                let missing = runs.clone().next().filter(|run| run[0] == 0).map_or(0, <[u32]>::len);
                let values = runs.filter(|run| run[0] > 0);
                let counts = values.map(|run| (run[0] - 1, run.len() as u32));
                ValueCounts::sparse(missing as u64, counts.collect())
            }
            Some(dense) => {
                let mut counts = dense.finish(table);
                let of_sets = counts.split_off(sets.start as usize);
                for (at, count) in of_sets.within(0..of_sets.len()) {
                    for ordinal in table.ordinals(sets.start + at as u32) {
                        self.is_damaged |= !counts.add(ordinal as usize + 1, count);
                    }
                }
                ValueCounts::dense(counts)
            }
        };
        if self.is_damaged {
            let why = format!("a document has a value of {} that it lacks", table.facet().name());
            return Err(DataCorruption::comment_only(why).into());
        }
        Ok(counts)
    }
}
