//! Completions for what is being typed.
//!
//! Three ways to complete, each tried where those before it did not find enough: the whole text typed begins a
//! completion, at one of its words; a completion holds all the words typed, in any order, the last as far as it is typed;
//! and both again with words that were taken for mistyped. See [`rex_index::Completions`] for what is completed to.
//! What is typed may also be another name of a value, `mapa`, or begin the label of a CPV code.

mod complete;
mod cpv;
mod diversify;
mod fuzzy;
mod highlight;
mod names;

use rex_index::CompletionKind;

pub use cpv::CpvCompletions;

use crate::engine::{Engine, SearchError};
use crate::facet::value_search::LabelOf;
use crate::response::Marked;
use complete::Sources;

/// Most completions given.
pub const MAX_COMPLETIONS: usize = 20;

/// Something the person who types may want to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What to search, with the parts that were typed marked.
    pub text: Marked,
    /// What it is.
    pub kind: CompletionKind,
    /// How many cases have it, at the least: one or more.
    pub count: u64,
    /// The only case of this title.
    pub case: Option<String>,
    /// What a filter of the facet takes: the text, or the code that the text is the label of. None where no one value of
    /// the facet is this text: two communes may share a name.
    pub value: Option<String>,
    /// What was typed, or was begun, where it is another name of the text: `MAPA` for `Procédure adaptée`.
    pub other_name: Option<String>,
}

impl Engine {
    /// Completions for what was typed, the best first: those that hold it as typed before those that hold it corrected,
    /// then what most cases have, no more than three of a kind before other kinds have their turn. Searched as it is,
    /// each finds a case.
    ///
    /// For nothing typed, the values that most cases have. At most `limit`, and [`MAX_COMPLETIONS`].
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Completion>, SearchError> {
        self.suggest_with(&CpvCompletions::default(), typed, limit)
    }

    /// The same, with the labels of CPV codes among the completions.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn suggest_with(
        &self,
        cpv: &CpvCompletions,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<Completion>, SearchError> {
        let Some(completions) = &self.completions else {
            return Ok(Vec::new());
        };
        let sources = Sources {
            completions,
            cpv,
            facets: &self.facets,
            lexicon: &self.settings.lexicon,
        };
        complete::complete(sources, typed, limit.min(MAX_COMPLETIONS)).map_err(|error| self.error(error))
    }

    /// The labels of the CPV codes that cases have, to be completed to: made once, as it takes some time. `label` says what
    /// the index was built to call a code of eight digits.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn cpv_completions(&self, label: &LabelOf<'_>) -> Result<CpvCompletions, SearchError> {
        CpvCompletions::read(&self.facets, label).map_err(|error| self.error(error))
    }
}
