//! The values of a facet that cases have.

use rex_analysis::{Lexicon, words};
use rex_index::FacetTable;
use rex_query::{Deadline, Facet, ResolvedValue};

use crate::error::Result;

/// Values between two checks of the deadline.
const BETWEEN_CHECKS: usize = 1_024;
/// Most values that one name resolves to.
pub(super) const MAX_MEANT: usize = 10;

/// The values that cases have.
pub(crate) struct FacetValues<'a> {
    pub(crate) facet: Facet,
    pub(crate) table: &'a FacetTable,
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) deadline: Deadline,
}

impl<'a> FacetValues<'a> {
    /// Calls `look` with each.
    pub(super) fn each(&self, mut look: impl FnMut(&'a str)) -> Result<()> {
        for ordinal in 0..self.table.values() as u32 {
            if (ordinal as usize).is_multiple_of(BETWEEN_CHECKS) {
                self.deadline.check()?;
            }
            look(self.facet.value_of(self.table.term(ordinal)?));
        }
        Ok(())
    }

    /// Whether a case has a value.
    pub(super) fn has(&self, value: &str) -> bool {
        self.table.ordinal_of(&self.facet.term(value)).is_some()
    }

    /// The synonyms of a whole text in the lexicon.
    pub(super) fn synonyms(&self, typed: &str) -> impl Iterator<Item = &'a str> {
        let typed = words(typed);
        let known = typed
            .first()
            .map_or(&[][..], |first| self.lexicon.beginning_with(&first.stem));
        let is_meant = move |from: &[rex_analysis::Token]| {
            from.len() == typed.len() && from.iter().zip(&typed).all(|(from, typed)| from.exact == typed.exact)
        };
        let meant = known.iter().filter(move |synonym| is_meant(&synonym.from));
        meant.map(|synonym| synonym.to_text.as_str())
    }
}

/// Resolves to a single value.
pub(crate) fn one(value: impl Into<String>) -> ResolvedValue {
    ResolvedValue::Values(vec![value.into()])
}

/// Resolves one name: to its value, or to several likely ones.
pub(super) fn of_one_name(mut values: Vec<String>) -> Option<ResolvedValue> {
    values.truncate(MAX_MEANT);
    match values.len() {
        0 => None,
        1 => Some(ResolvedValue::Values(values)),
        _ => Some(ResolvedValue::Likely(values)),
    }
}
