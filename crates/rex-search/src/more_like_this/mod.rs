//! TODO

pub(crate) mod interesting_terms;
pub(crate) mod similar;
