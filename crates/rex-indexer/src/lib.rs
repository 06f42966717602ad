//! The only writer of the index: builds, updates, publishes and rolls back generations.

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
