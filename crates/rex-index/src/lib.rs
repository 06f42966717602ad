//! The index on disk: its schema, its only writer, and the generations it is kept in.
//!
//! A *generation* is one complete index, `g-<time>-<hash>/`, written beside the others, synced, and made current by one
//! atomic rename of the pointer `current`. Readers open what the pointer names; a build that dies leaves them alone.

mod batch;
mod bits;
mod build;
mod completions;
mod document;
mod error;
mod facet;
mod facets;
mod folder;
mod frozen;
mod generation;
mod lengths;
mod manifest;
mod memory;
mod packed;
mod previous;
mod ranks;
mod records;
mod schema;
mod scratch;
mod sections;
mod sorter;
mod space;
mod stamp;
mod update;
mod words;
mod writer;

pub use build::{AfterRollback, BuildOptions, BuildOutcome, Gate, Progress, build};
pub use completions::{CompletionEntry, CompletionKind, Completions};
pub use document::ZoneTexts;
pub use error::IndexError;
pub use facet::{Facet, FacetKind, PATH_SEPARATOR};
pub use facets::{FacetPlace, FacetRows, FacetTable, Facets, dictionary_order};
pub use folder::{IndexFolder, KEPT_GENERATIONS, Listed, Verified};
pub use generation::Generation;
pub use lengths::Lengths;
pub use manifest::{FORMAT_VERSION, Manifest};
pub use memory::BuildMemory;
pub use ranks::Ranks;
pub use records::RecordReader;
pub use schema::{Fields, Zone};
pub use writer::IndexWriter;
