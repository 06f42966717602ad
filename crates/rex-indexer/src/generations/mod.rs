//! Publishing generations: locks, sealing, atomic renames, rollback, and the digest cache of corpus files.

pub(crate) mod corpus_digests;
pub(crate) mod publish;

#[cfg(test)]
mod open_tests;
#[cfg(test)]
mod rollback_tests;
