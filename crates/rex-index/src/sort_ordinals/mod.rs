//! The places of all documents in the order of their ids and in that of their titles.
//!
//! Hits of one score are in the order of their ids, a search may ask for that of the titles, and a case is looked up by its id: a
//! place among all is enough for each of them, as the ids and titles themselves stand in the records. A place takes twenty bits
//! where there are a million documents.
//!
//! ```text
//! stored records ─ ids and titles, sorted ─ one file, `ranks` ─ read ─ ranks by document, documents by id
//! ```
//!
//! The file lies beside those of the engine, and is read where it lies. An index that is not finished has none, and the same bytes
//! are made in memory when it is opened.

pub mod layout;
pub mod read;

pub use read::SortOrdinals;

/// Name of the file in a generation.
pub const FILE: &str = "ranks";
