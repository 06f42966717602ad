//! The files of an import: what they are, and the archives that they are in.

mod format;
mod open;

pub(super) use format::EXPECTED;
pub(super) use open::read_source;
