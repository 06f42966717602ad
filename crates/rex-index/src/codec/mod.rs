//! Reading of side files: sections of little-endian numbers and bytes, and the file of field lengths.

pub mod field_lengths;
pub mod reader;
