//! Cases similar to a case.

pub(crate) mod interesting_terms;
pub(crate) mod similar;
