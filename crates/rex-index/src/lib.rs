//! The index on disk: its format, and reading it.
//!
//! A *generation* is one complete index, `g-<time>-<hash>/`, written beside the others, synced, and made current by one
//! atomic rename of the pointer `current`. Readers open what the pointer names; a build that dies leaves them alone.

pub mod codec;
pub mod completions;
pub mod doc_store;
pub mod error;
pub mod facet_columns;
#[cfg(feature = "native")]
pub mod generations;
pub mod read_only_directory;
pub mod schema;
pub mod sort_ordinals;

pub use codec::field_lengths::FieldLengths;
pub use completions::{CompletionEntry, Completions};
pub use doc_store::RecordDecoder;
pub use error::IndexError;
pub use facet_columns::{FacetColumns, FacetRows, FacetSlot, FacetTable};
pub use schema::fields::{Fields, Zone};
pub use schema::zone_texts::ZoneTexts;
pub use sort_ordinals::SortOrdinals;

#[cfg(feature = "native")]
pub use generations::{
    generation::Generation,
    index_dir::{GenerationEntry, IndexDir, Verified},
    manifest::{FORMAT_VERSION, Manifest},
};
