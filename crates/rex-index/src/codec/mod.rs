//! TODO

pub mod field_lengths;
pub mod reader;
