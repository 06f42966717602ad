//! What a search field completes to: titles, names, values, and the words and phrases that come back in the corpus.
//!
//! ```text
//! records ─ candidates (each text counted, in bounded memory) ─ write ─ one file, `completions` ─ read ─ best of a prefix
//! ```
//!
//! The file lies beside those of the engine, in the same directory, and is read where it lies. A completion is found by
//! its *key*, its folded words joined by single spaces, from the start of any of its first words that is no stop word.

mod candidates;
mod counter;
mod kind;
mod phrases;
mod read;
mod text;
mod tree;
mod write;

pub use kind::CompletionKind;
pub use read::{CompletionEntry, Completions};

pub(crate) use candidates::Candidates;
pub(crate) use write::write;

/// Name of the file in a generation.
pub(crate) const FILE: &str = "completions";
