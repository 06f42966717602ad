//! Reads one row: a case, and what was found in its cells.
//!
//! ```text
//! reader (the cells of a field, findings) ─ facts, parties, territory, texts ─ assemble ─ ImportedCase
//! ```

mod assemble;
mod facts;
mod parties;
mod reader;
mod territory;
mod texts;

pub(super) use assemble::case;
