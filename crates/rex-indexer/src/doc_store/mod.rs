//! Encodes the stored records and writes the dictionary of their texts; the format is described in `rex_index::doc_store`.

pub(crate) mod dictionary_builder;
pub(crate) mod encode;

#[cfg(test)]
mod tests;
