//! The format of the index on disk, and reading it. `rex-indexer` is its only writer.
//!
//! A *generation* is one complete index in a folder `g-<time>-<hash>/`. It is written beside the others, synced, and made current by one
//! atomic rename of the pointer file `current`. A build that dies changes nothing for readers.
//!
//! ```text
//! IndexDir ─ current ─ Generation ─ manifest.json (format, analyzer, digests)
//!                          ├─ tantivy's segment: postings, positions, field norms, stored records
//!                          ├─ texts          dictionary of the stored records
//!                          ├─ facets         facet columns
//!                          ├─ ranks          ordinals of ids and titles
//!                          ├─ lengths        tokens of each field
//!                          └─ completions
//! ```
//!
//! - `generations`: the folder, its manifest and digests. Only with the feature `native`.
//! - [`read_only_directory`]: tantivy's view of the files, mapped or in memory.
//! - [`schema`]: the fields, and the texts of a record that go into them.
//! - [`doc_store`]: stored records.
//! - [`facet_columns`]: the facet values of each document.
//! - [`sort_ordinals`]: the order by id and by title, and lookup by id.
//! - [`completions`]: what a search field completes to.
//! - [`record_vectors`]: the meaning of each record, in fast fields.
//! - [`codec`]: reading numbers and sections, shared by the files above.
//! - [`error`]: why an index cannot be read.
//!
//! Without `native`, the crate reads bytes that are handed in and compiles for `wasm32-unknown-unknown`.

pub mod codec;
pub mod completions;
pub mod doc_store;
pub mod error;
pub mod facet_columns;
#[cfg(feature = "native")]
pub mod generations;
pub mod read_only_directory;
pub mod record_vectors;
pub mod schema;
pub mod sort_ordinals;

pub use codec::field_lengths::FieldLengths;
pub use completions::{CompletionEntry, Completions};
pub use doc_store::RecordDecoder;
pub use error::IndexError;
pub use facet_columns::{FacetColumns, FacetRows, FacetSlot, FacetTable};
pub use record_vectors::RecordVectors;
pub use schema::fields::{Fields, Zone};
pub use schema::zone_texts::ZoneTexts;
pub use sort_ordinals::SortOrdinals;

#[cfg(feature = "native")]
pub use generations::{
    generation::Generation,
    index_dir::{GenerationEntry, IndexDir, Verified},
    manifest::{FORMAT_VERSION, Manifest},
};
