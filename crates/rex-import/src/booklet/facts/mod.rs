//! The facts of a contract in the information block: amount, duration, CPV code, procedure.
//!
//! ```text
//! block ─ fact_line (label, value) ─ contract_facts ─┬─ cpv_line, amount_lines ─ money
//!                                                    └─ nature, lots, duration
//! ```

pub(crate) mod amount_lines;
pub(crate) mod block;
pub(crate) mod contract_facts;
pub(crate) mod cpv_line;
pub(crate) mod duration;
pub(crate) mod fact_line;
pub(crate) mod labelled;
pub(crate) mod lots;
pub(crate) mod money;
pub(crate) mod nature;
pub(crate) mod sentences;
