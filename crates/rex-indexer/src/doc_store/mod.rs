//! TODO

pub(crate) mod dictionary_builder;
pub(crate) mod encode;

#[cfg(test)]
mod tests;
