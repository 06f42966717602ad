//! Bit packing, shared by the side files.

pub(crate) mod bitpack;
