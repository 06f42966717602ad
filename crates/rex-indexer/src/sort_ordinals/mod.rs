//! Sorts all documents by id and by title, and writes their ordinals.

#[cfg(test)]
mod tests;
pub(crate) mod write;
