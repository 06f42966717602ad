//! TODO

pub mod file_fingerprint;
pub mod generation;
pub mod index_dir;
pub mod manifest;
