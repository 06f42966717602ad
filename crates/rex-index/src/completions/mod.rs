//! What a search field completes to: titles, names, values, and the words and phrases that come back in the corpus.
//!
//! ```text
//! records ─ candidates (each text counted, in bounded memory) ─ write ─ one file, `completions` ─ read ─ best of a prefix
//! ```
//!
//! The file lies beside those of the engine, in the same directory, and is read where it lies. A completion is found by
//! its *key*, its folded words joined by single spaces, from the start of any of its first words that is no stop word.

pub mod layout;
pub mod range_min_tree;
pub mod read;

pub use read::{CompletionEntry, Completions};
pub use rex_query::CompletionKind;

/// Name of the file in a generation.
pub const FILE: &str = "completions";
