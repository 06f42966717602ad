//! Completions of a search field: titles, names, facet values, and words and phrases that recur in the corpus.
//!
//! ```text
//! records ─ candidates (texts counted in bounded memory) ─ write ─ file `completions` ─ read ─ most frequent of a prefix
//! ```
//!
//! A completion is found by its *key*, its folded words joined by single spaces, starting at any of its first words that is not a stop
//! word. Each such position is a *start*; starts are sorted by the rest of the key, so a prefix is a range of starts. The file is read in
//! place.

pub mod layout;
pub mod range_min_tree;
pub mod read;

pub use read::{CompletionEntry, Completions};
pub use rex_query::CompletionKind;

/// Name of the file in a generation.
pub const FILE: &str = "completions";
