//! Counting the codes of one facet over the matches, and telling them apart into values.

use std::ops::Range;

use rex_index::{FacetSlot, FacetTable};
use tantivy::error::DataCorruption;

use crate::facet::accumulator::Tally;
use crate::facet::dense_counts::CountsByCode;

/// Codes noted one by one before they are counted: so many of one facet, or a share of its codes where it has many.
const FEW: usize = 64;
const FEW_OF: usize = 64;

/// The counts of the codes of one facet.
///
/// Where matches are few their codes are noted one by one, so that no search of a hundred matches walks a hundred thousand
/// holders; where they are more, every code has its count.
pub(crate) struct CodeCounts<'a> {
    table: &'a FacetTable,
    few: Vec<u32>,
    /// None as long as matches are few.
    many: Option<Tally>,
    /// Whether some document had a code that the facet does not have.
    is_damaged: bool,
}

impl<'a> CodeCounts<'a> {
    /// No count yet.
    pub(crate) fn new(table: &'a FacetTable) -> Self {
        Self {
            table,
            few: Vec::new(),
            many: None,
            is_damaged: false,
        }
    }

    /// Counts documents, by what each of them has.
    pub(crate) fn add(&mut self, codes: impl ExactSizeIterator<Item = u32>) {
        if self.many.is_none() && self.few.len() + codes.len() <= FEW.max(self.table.codes() / FEW_OF) {
            self.few.extend(codes);
            return;
        }
        let many = self.many.get_or_insert_with(|| Tally::new(self.table));
        let are_known = many.add(self.few.drain(..)) & many.add(codes);
        self.is_damaged |= !are_known;
    }

    /// Where the codes stand in the row of a document.
    pub(crate) fn place(&self) -> FacetSlot {
        self.table.slot()
    }

    /// The counts of the values.
    ///
    /// # Errors
    /// Codes or sets that the facet does not have: the file is damaged.
    pub(crate) fn values(mut self) -> tantivy::Result<ValueCounts> {
        let table = self.table;
        let sets = table.sets();
        let counts = match self.many {
            None => {
                self.is_damaged |= self.few.iter().any(|code| *code >= sets.end);
                let several: Vec<u32> = self.few.iter().copied().filter(|code| sets.contains(code)).collect();
                self.few.retain(|code| !sets.contains(code));
                for code in several {
                    self.few
                        .extend(table.ordinals(code).map(|ordinal| ordinal.saturating_add(1)));
                }
                self.few.sort_unstable();
                let runs = self.few.chunk_by(|one, two| one == two);
                let missing = runs.clone().next().filter(|run| run[0] == 0).map_or(0, <[u32]>::len);
                let values = runs.filter(|run| run[0] > 0);
                ValueCounts {
                    missing: missing as u64,
                    counts: CountsRepr::Few(values.map(|run| (run[0] - 1, run.len() as u32)).collect()),
                }
            }
            Some(many) => {
                let mut many = many.counts(table);
                let of_sets = many.split_off(sets.start as usize);
                for (at, count) in of_sets.within(0..of_sets.len()) {
                    for ordinal in table.ordinals(sets.start + at as u32) {
                        self.is_damaged |= !many.add(ordinal as usize + 1, count);
                    }
                }
                ValueCounts {
                    missing: many.get(0).into(),
                    counts: CountsRepr::Many(many),
                }
            }
        };
        if self.is_damaged {
            let why = format!("a document has a value of {} that it lacks", table.facet().name());
            return Err(DataCorruption::comment_only(why).into());
        }
        Ok(counts)
    }
}

/// The counts of the values of one facet, by rank.
pub(crate) struct ValueCounts {
    /// Documents without a value.
    pub(crate) missing: u64,
    counts: CountsRepr,
}

enum CountsRepr {
    /// Of the values that count, sorted by rank.
    Few(Vec<(u32, u32)>),
    /// By rank and one: the first is that of the documents without a value.
    Many(CountsByCode),
}

impl ValueCounts {
    /// Those of all documents.
    pub(crate) fn of_all(table: &FacetTable) -> Self {
        let mut counts = Vec::with_capacity(table.values() + 1);
        counts.push(table.missing());
        counts.extend(table.totals());
        Self {
            missing: u64::from(table.missing()),
            counts: CountsRepr::Many(CountsByCode::Words(counts)),
        }
    }

    /// The count of a value.
    pub(crate) fn of(&self, ordinal: u32) -> u64 {
        let count = match &self.counts {
            CountsRepr::Few(counts) => counts
                .binary_search_by_key(&ordinal, |(ordinal, _)| *ordinal)
                .map_or(0, |at| counts[at].1),
            CountsRepr::Many(counts) => counts.get(ordinal as usize + 1),
        };
        u64::from(count)
    }

    /// The values that count, of some ranks, in their order, with their counts.
    pub(crate) fn within(&self, ordinals: Range<u32>) -> impl Iterator<Item = (u32, u64)> {
        let (few, many) = match &self.counts {
            CountsRepr::Few(counts) => (few_within(counts, &ordinals), None),
            CountsRepr::Many(counts) => ([].as_slice(), Some(counts.within(codes(&ordinals)))),
        };
        let many = many.into_iter().flatten();
        let many = many.map(|(code, count)| (code as u32 - 1, u64::from(count)));
        few.iter()
            .map(|(ordinal, count)| (*ordinal, u64::from(*count)))
            .chain(many)
    }

    /// The sum of the counts of some ranks.
    pub(crate) fn sum(&self, ordinals: Range<u32>) -> u64 {
        match &self.counts {
            CountsRepr::Few(counts) => {
                let few = few_within(counts, &ordinals).iter();
                few.map(|(_, count)| u64::from(*count)).sum()
            }
            CountsRepr::Many(counts) => counts.sum(codes(&ordinals)),
        }
    }

    /// The last value that counts.
    pub(crate) fn last(&self) -> Option<u32> {
        match &self.counts {
            CountsRepr::Few(counts) => counts.last().map(|(ordinal, _)| *ordinal),
            CountsRepr::Many(counts) => counts.last(1).map(|code| code as u32 - 1),
        }
    }

    /// How many values count.
    pub(crate) fn distinct(&self) -> u64 {
        match &self.counts {
            CountsRepr::Few(counts) => counts.len() as u64,
            CountsRepr::Many(counts) => counts.distinct(1) as u64,
        }
    }
}

/// Those of some ranks.
fn few_within<'a>(counts: &'a [(u32, u32)], ordinals: &Range<u32>) -> &'a [(u32, u32)] {
    let start = counts.partition_point(|(ordinal, _)| *ordinal < ordinals.start);
    let end = counts.partition_point(|(ordinal, _)| *ordinal < ordinals.end);
    counts.get(start..end).unwrap_or_default()
}

/// The codes of some ranks: the first code is that of no value.
fn codes(ordinals: &Range<u32>) -> Range<usize> {
    ordinals.start as usize + 1..ordinals.end as usize + 1
}

#[cfg(test)]
#[path = "counts_tests.rs"]
mod tests;
