//! From a corpus to a generation: from all records, or from the current generation and the records that changed.
//!
//! ```text
//! builder ─┬─ incremental ─ base_generation ─┐
//!          └─ index_writer ──────────────────┴─ document_writer, candidate_counter, side_files, field_lengths
//! ```
//!
//! `memory_budget`, `temp_file` and `external_sort` bound the memory, `disk_space` checks the disk first.

pub(crate) mod base_generation;
pub(crate) mod batch;
pub(crate) mod builder;
pub(crate) mod candidate_counter;
pub(crate) mod disk_space;
pub(crate) mod document;
pub(crate) mod document_writer;
pub(crate) mod external_sort;
pub(crate) mod field_lengths;
pub(crate) mod incremental;
pub(crate) mod index_writer;
pub(crate) mod memory_budget;
pub(crate) mod progress;
pub(crate) mod searcher;
pub(crate) mod side_files;
pub(crate) mod temp_file;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod incremental_tests;
