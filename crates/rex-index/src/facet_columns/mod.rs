//! The facets of every document, in a form that is counted fast.
//!
//! What a document has of a facet is one number, its *code*: 0 for nothing, the rank of its value plus one where it has one
//! value, and past these the codes of the sets of several values that documents have. A path of a hierarchy is such a set, with
//! all that is above it, and so are several holders. Counting a match is then one addition a facet, whatever a value is, and sets
//! are told apart into their values once, at the end. A number of a range facet is a value like another, by its rank.
//!
//! ```text
//! stored records ─ collect (values and sets, numbered as they are met; what each document had, in a file for a while)
//!   ─ write ─ one file, `facets` ─ read ─ rows of codes, tables of values
//! ```
//!
//! The file lies beside those of the engine, and is read where it lies. An index that is not finished has none, and the same
//! bytes are made in memory when it is opened.

pub mod collation;
pub mod layout;
pub mod read;

pub use collation::dictionary_order;
pub use read::{FacetColumns, FacetRows, FacetSlot, FacetTable};

/// Name of the file in a generation.
pub const FILE: &str = "facets";
