//! TODO

pub(crate) mod bitpack;
