//! The selections of one facet as a bit set of codes.

use std::ops::Range;

use rex_index::{FacetRows, FacetSlot, FacetTable};
use rex_query::{Facet, FacetKind};
use tantivy::DocId;

use rex_query::{Bounds, Selection};

/// Accepts documents by their code of a facet: one bit is tested.
pub(crate) struct CodeFilter {
    facet: Facet,
    place: FacetSlot,
    /// By code.
    bits: Vec<u64>,
}

impl CodeFilter {
    /// Accepts the documents with one of the selected values.
    ///
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn new(table: &FacetTable, selections: &[Selection]) -> tantivy::Result<Self> {
        let mut filter = Self::none(table);
        for selection in selections {
            match selection {
                Selection::Missing => filter.set(0),
                Selection::Value(value) => match table.facet().kind() {
                    FacetKind::Range => {}
                    FacetKind::Terms | FacetKind::Hierarchy => {
                        let ordinal = table.ordinal_of(&table.facet().term(value));
                        filter.set_values(ordinal.map_or(0..0, |ordinal| ordinal..ordinal + 1));
                    }
                },
                Selection::Range(bounds) => filter.set_numbers(table, *bounds)?,
            }
        }
        filter.set_sets(table);
        Ok(filter)
    }

    /// Accepts the documents with a value in a range of ordinals.
    pub(crate) fn of_values(table: &FacetTable, ordinals: Range<u32>) -> Self {
        let mut filter = Self::none(table);
        filter.set_values(ordinals);
        filter.set_sets(table);
        filter
    }

    /// The facet whose codes it tests.
    pub(crate) fn facet(&self) -> Facet {
        self.facet
    }

    /// Accepts the documents that it did not.
    #[must_use]
    pub(crate) fn complement(mut self) -> Self {
        self.bits.iter_mut().for_each(|word| *word = !*word);
        self
    }

    /// Accepts only those of its documents that another filter of the same facet accepts too.
    pub(crate) fn intersect(&mut self, other: &Self) {
        self.merge(other, |word, other| word & other);
    }

    /// Accepts also the documents of another filter of the same facet.
    pub(crate) fn unite(&mut self, other: &Self) {
        self.merge(other, |word, other| word | other);
    }

    fn merge(&mut self, other: &Self, merged: impl Fn(u64, u64) -> u64) {
        debug_assert_eq!(self.facet, other.facet, "the codes of two facets differ");
        for (word, other) in self.bits.iter_mut().zip(&other.bits) {
            *word = merged(*word, *other);
        }
    }

    /// Whether a document has one of the values selected.
    #[inline]
    pub(crate) fn accepts(&self, rows: FacetRows<'_>, document: DocId) -> bool {
        self.has(rows.code(self.place, document))
    }

    #[inline]
    fn has(&self, code: u32) -> bool {
        let word = self.bits.get(code as usize / 64).copied().unwrap_or_default();
        word >> (code % 64) & 1 == 1
    }

    fn none(table: &FacetTable) -> Self {
        Self {
            facet: table.facet(),
            place: table.slot(),
            bits: vec![0; table.codes().div_ceil(64)],
        }
    }

    fn set(&mut self, code: u32) {
        if let Some(word) = self.bits.get_mut(code as usize / 64) {
            *word |= 1 << (code % 64);
        }
    }

    fn set_values(&mut self, ordinals: Range<u32>) {
        ordinals.for_each(|ordinal| self.set(ordinal + 1));
    }

    /// Accepts the values that are numbers within bounds.
    fn set_numbers(&mut self, table: &FacetTable, bounds: Bounds) -> tantivy::Result<()> {
        if table.facet().kind() == FacetKind::Range {
            let end = bounds.to.and_then(|to| to.checked_add(1));
            let end = end.map_or(table.values() as u32, |end| table.ordinal_from(end));
            self.set_values(table.ordinal_from(bounds.from.unwrap_or_default())..end);
            return Ok(());
        }
        for ordinal in 0..table.values() as u32 {
            let number = table.term(ordinal)?.parse().ok();
            if number.is_some_and(|number| bounds.contains(number)) {
                self.set(ordinal + 1);
            }
        }
        Ok(())
    }

    /// Accepts the sets with an accepted value.
    fn set_sets(&mut self, table: &FacetTable) {
        for code in table.sets() {
            if table.ordinals(code).any(|ordinal| self.has(ordinal.saturating_add(1))) {
                self.set(code);
            }
        }
    }
}
