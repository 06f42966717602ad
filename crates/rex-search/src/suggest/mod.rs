//! Completions for what is being typed.
//!
//! Three ways to complete, each tried where those before it did not find enough: the whole text typed begins a
//! completion, at one of its words; a completion holds all the words typed, in any order, the last as far as it is typed;
//! and both again with words that were taken for mistyped. See [`rex_index::Completions`] for what is completed to.

mod complete;
mod mark;
mod mix;
mod near;

use rex_index::CompletionKind;

use crate::engine::{Engine, SearchError};
use crate::response::Marked;

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
        let Some(completions) = &self.completions else {
            return Ok(Vec::new());
        };
        complete::complete(completions, typed, limit.min(MAX_COMPLETIONS)).map_err(|error| self.error(error))
    }
}
