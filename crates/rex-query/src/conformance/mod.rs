//! A conformance suite for any [`SearchBackend`]: what it answers is what a plain loop over the records answers.
//!
//! ```text
//! records ─┬─ index ─ SearchBackend ─ answers ──┐
//!          └─ oracle: a loop over the records ──┴─ equal, or the check panics
//! ```
//!
//! A test builds a backend from records of its choice, wraps both in [`Conformance`], and runs the checks with requests of its choice;
//! property tests give the widest choice. The feature `conformance` compiles this module; it has no dependency of its own.
//!
//! The oracle knows no French. So that its answers are the right ones, the test provides:
//!
//! - a backend over exactly these records, whose ids differ; if its values have labels, [`Conformance::with_labels`] says which;
//! - titles of words joined by single spaces, in the case they are searched in, without an accent but `é`, and without a word that the
//!   backend takes for a form, a synonym or a misspelling of another;
//! - queries that are empty or one such word, which is in no other field: a single word is never relaxed;
//! - facet values without an accent but `é`, and words looked for among them in lower case and without accents, each of them in some value
//!   or too short to be corrected.
//!
//! Every check panics where the backend does not conform.

mod facets;
mod hits;
mod oracle;

use rex_corpus::Record;

use crate::backend::SearchBackend;
use crate::facet::Facet;

/// The label of a value of a facet, in lower case and without accents; `None` where it has none.
pub type LabelOf<'a> = dyn Fn(Facet, &str) -> Option<String> + 'a;

/// A backend, and the records it was built from.
#[derive(Clone, Copy)]
pub struct Conformance<'a> {
    backend: &'a dyn SearchBackend,
    records: &'a [Record],
    label: &'a LabelOf<'a>,
}

impl<'a> Conformance<'a> {
    /// Pairs a backend with its records, see [`crate::conformance`] for what they have to fulfil.
    pub fn new(backend: &'a dyn SearchBackend, records: &'a [Record]) -> Self {
        Self {
            backend,
            records,
            label: &|_, _| None,
        }
    }

    /// The same with the labels by which values are found too.
    #[must_use]
    pub fn with_labels(self, label: &'a LabelOf<'a>) -> Self {
        Self { label, ..self }
    }
}
