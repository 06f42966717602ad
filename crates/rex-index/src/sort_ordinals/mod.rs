//! The ordinals of all documents by id and by title.
//!
//! Hits of equal score are in order of id, a search may sort by title, and a case is looked up by its id. An ordinal suffices for each,
//! because ids and titles are in the stored records. With a million documents an ordinal takes 20 bits.
//!
//! ```text
//! stored records ─ ids and titles, sorted ─ file `ranks` ─ read ─ ordinals by document, documents by id ordinal
//! ```
//!
//! The file is read in place.

pub mod layout;
pub mod read;

pub use read::SortOrdinals;

/// Name of the file in a generation.
pub const FILE: &str = "ranks";
