//! Generations on disk: the index folder, the manifest, and opening what is intact.
//!
//! ```text
//! index/
//!   current                 name of the current generation
//!   g-<time>-<hash>/        manifest.json, manifest.sha256, the files of the index
//!   .verified               fingerprints of files with a verified digest
//!   .rolled-back            digests of corpora that were rolled back from
//! ```

pub mod build_order;
pub mod file_fingerprint;
pub mod generation;
pub mod index_dir;
pub mod manifest;
