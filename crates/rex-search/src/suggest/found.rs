//! A completion found, and where completions come from.

use std::rc::Rc;

use rex_analysis::Lexicon;
use rex_index::{CompletionEntry, Completions, FacetColumns};
use rex_query::{Completion, CompletionKind, Facet};

use super::cpv::CpvCompletions;
use super::highlight::mark;
use super::typed::Typed;

/// What completions come from.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) completions: &'a Completions,
    pub(crate) cpv: &'a CpvCompletions,
    /// The values that cases have.
    pub(crate) facets: &'a FacetColumns,
    pub(crate) lexicon: &'a Lexicon,
}

/// A completion found.
pub(super) struct FoundCompletion<'a> {
    /// Its rank among those that as many records have.
    pub(super) id: u32,
    pub(super) entry: CompletionEntry<'a>,
    /// The words by which it was found.
    pub(super) typed: Rc<Typed>,
    /// The byte of its key from which they follow one another; none where they are anywhere in it.
    pub(super) from: Option<usize>,
    /// The value that the text is the label of, where that is another: the code of a CPV label.
    pub(super) code: Option<&'a str>,
    /// What was typed, where it is another name of it.
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
