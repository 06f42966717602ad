//! The counts of the values of a facet.

use std::ops::Range;

use rex_index::FacetTable;

use super::dense_counts::DenseCounts;

/// The counts of the values of one facet, by value ordinal.
pub(crate) struct ValueCounts {
    /// Documents without a value.
    pub(crate) missing: u64,
    counts: CountsRepr,
}

enum CountsRepr {
    /// Value ordinals and counts, of the values that count only, sorted.
    Sparse(Vec<(u32, u32)>),
    /// By value ordinal plus one; at 0 is the count of the documents without a value.
    Dense(DenseCounts),
}

impl ValueCounts {
    /// Value ordinals and counts, sorted.
    pub(super) fn sparse(missing: u64, counts: Vec<(u32, u32)>) -> Self {
        Self {
            missing,
            counts: CountsRepr::Sparse(counts),
        }
    }

    /// Counts by code, sets of values distributed.
    pub(super) fn dense(counts: DenseCounts) -> Self {
        Self {
            missing: counts.get(0).into(),
            counts: CountsRepr::Dense(counts),
        }
    }

    /// The counts over all documents.
    pub(crate) fn of_all(table: &FacetTable) -> Self {
        let mut counts = Vec::with_capacity(table.values() + 1);
        counts.push(table.missing());
        counts.extend(table.totals());
        Self::dense(DenseCounts::Words(counts))
    }

    /// The count of a value.
    pub(crate) fn of(&self, ordinal: u32) -> u64 {
        let count = match &self.counts {
            CountsRepr::Sparse(counts) => counts
                .binary_search_by_key(&ordinal, |(ordinal, _)| *ordinal)
                .map_or(0, |at| counts[at].1),
            CountsRepr::Dense(counts) => counts.get(ordinal as usize + 1),
        };
        u64::from(count)
    }

    /// The values whose count is not 0, within a range of ordinals, in order, with their counts.
    pub(crate) fn within(&self, ordinals: Range<u32>) -> impl Iterator<Item = (u32, u64)> {
        let (sparse, dense) = match &self.counts {
            CountsRepr::Sparse(counts) => (sparse_within(counts, &ordinals), None),
            CountsRepr::Dense(counts) => ([].as_slice(), Some(counts.within(codes(&ordinals)))),
        };
        let dense = dense.into_iter().flatten();
        let dense = dense.map(|(code, count)| (code as u32 - 1, u64::from(count)));
        sparse
            .iter()
            .map(|(ordinal, count)| (*ordinal, u64::from(*count)))
            .chain(dense)
    }

    /// The sum of the counts of a range of ordinals.
    pub(crate) fn sum(&self, ordinals: Range<u32>) -> u64 {
        match &self.counts {
            CountsRepr::Sparse(counts) => {
                let sparse = sparse_within(counts, &ordinals).iter();
                sparse.map(|(_, count)| u64::from(*count)).sum()
            }
            CountsRepr::Dense(counts) => counts.sum(codes(&ordinals)),
        }
    }

    /// The highest ordinal whose count is not 0.
    pub(crate) fn last(&self) -> Option<u32> {
        match &self.counts {
            CountsRepr::Sparse(counts) => counts.last().map(|(ordinal, _)| *ordinal),
            CountsRepr::Dense(counts) => counts.last(1).map(|code| code as u32 - 1),
        }
    }

    /// The number of values whose count is not 0.
    pub(crate) fn distinct(&self) -> u64 {
        match &self.counts {
            CountsRepr::Sparse(counts) => counts.len() as u64,
            CountsRepr::Dense(counts) => counts.distinct(1) as u64,
        }
    }
}

/// The part of sparse counts that is within a range of ordinals.
fn sparse_within<'a>(counts: &'a [(u32, u32)], ordinals: &Range<u32>) -> &'a [(u32, u32)] {
    let start = counts.partition_point(|(ordinal, _)| *ordinal < ordinals.start);
    let end = counts.partition_point(|(ordinal, _)| *ordinal < ordinals.end);
    counts.get(start..end).unwrap_or_default()
}

/// The codes of a range of ordinals: code 0 means no value.
fn codes(ordinals: &Range<u32>) -> Range<usize> {
    ordinals.start as usize + 1..ordinals.end as usize + 1
}
