//! Texts tokenized before tantivy, whose single indexing thread is the bottleneck of a build.
//!
//! ```text
//! text ─ WordCutter (tokens and stems, cached) ─ packed string ─ tantivy's tokenizer, which only splits it
//! ```

pub(crate) mod pretokenized;
pub(crate) mod token_cache;
