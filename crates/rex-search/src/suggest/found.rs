//! A candidate completion, and the sources of completions.

use std::rc::Rc;

use rex_analysis::Lexicon;
use rex_index::{CompletionEntry, Completions, FacetColumns};
use rex_query::{Completion, CompletionKind, Facet};

use super::cpv::CpvCompletions;
use super::highlight::mark;
use super::typed::Typed;

/// The sources of completions.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) completions: &'a Completions,
    pub(crate) cpv: &'a CpvCompletions,
    /// The facet columns.
    pub(crate) facets: &'a FacetColumns,
    pub(crate) lexicon: &'a Lexicon,
}

/// A candidate completion.
pub(super) struct FoundCompletion<'a> {
    /// Its rank among those of the same frequency.
    pub(super) id: u32,
    pub(super) entry: CompletionEntry<'a>,
    /// The words it was found by.
    pub(super) typed: Rc<Typed>,
    /// The byte of its key at which the words are adjacent; `None` if they are anywhere in it.
    pub(super) from: Option<usize>,
    /// The value, if the text is only its label: a CPV code.
    pub(super) code: Option<&'a str>,
    /// The other name that was typed, if any.
    pub(super) name: Option<String>,
}

impl FoundCompletion<'_> {
    pub(super) fn into_completion(self, facets: &FacetColumns) -> Completion {
        let has = |facet: Facet| facets.table(facet).ordinal_of(&facet.term(self.entry.text)).is_some();
        let value = match self.entry.kind {
            CompletionKind::Value(Facet::Cpv) => self.code,
            CompletionKind::Value(facet) => self.code.or_else(|| has(facet).then_some(self.entry.text)),
            _ => None,
        };
        Completion {
            value: value.map(str::to_owned),
            other_name: self.name,
            text: mark(&self.entry, &self.typed, self.from),
            kind: self.entry.kind,
            count: self.entry.count.into(),
            case: self.entry.record.map(str::to_owned),
        }
    }
}
