//! The fields of the tantivy index, and the texts of a record that are indexed in them.

pub mod fields;
pub mod zone_texts;
