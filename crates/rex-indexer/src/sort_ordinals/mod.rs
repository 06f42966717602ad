//! TODO

#[cfg(test)]
mod tests;
pub(crate) mod write;
