//! Similar cases: interesting terms of a case, and the comparison of candidates.

pub(crate) mod interesting_terms;
pub(crate) mod similar;
