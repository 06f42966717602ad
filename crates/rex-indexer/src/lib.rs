//! The only writer of the index: builds, updates, publishes and rolls back generations. `rex-index` defines the format.
//!
//! ```text
//! corpus ─ build ─┬─ incremental: current generation + changed records
//!                 └─ index_writer: all records
//!                      ├─ document_writer ─ text ─ tantivy      postings, positions, field norms
//!                      │                  └ doc_store           stored records, texts
//!                      ├─ candidate_counter ─ completions       completions
//!                      ├─ side_files ─ facet_columns            facets
//!                      │             └ sort_ordinals            ranks
//!                      └─ field_lengths                         lengths
//!         generations: seal, gate, publish, prune, roll back
//! ```
//!
//! - `build`: from a corpus to a generation, within a memory budget.
//! - `text`: tokenizing texts before tantivy sees them.
//! - `doc_store`, `facet_columns`, `sort_ordinals`, `completions`: one writer per side file, each beside its reader's name in `rex-index`.
//! - `generations`: locks, atomic renames, rollback.
//! - `codec`: bit packing.
//!
//! [`build()`] is the entry point for a corpus on disk; [`IndexWriter`] writes records into any tantivy directory, for tests.

mod build;
mod codec;
mod completions;
mod doc_store;
mod error;
mod facet_columns;
mod generations;
mod sort_ordinals;
mod text;

pub use build::builder::{AfterRollback, BuildOptions, BuildOutcome, Gate, build};
pub use build::index_writer::IndexWriter;
pub use build::memory_budget::MemoryBudget;
pub use build::progress::Progress;
pub use error::BuildError;
pub use generations::publish::{KEPT_GENERATIONS, rollback};
