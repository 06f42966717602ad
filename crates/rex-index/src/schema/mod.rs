//! TODO

pub mod fields;
pub mod zone_texts;
