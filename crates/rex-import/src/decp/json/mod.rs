//! Reads JSON files of any size, one record at a time.
//!
//! ```text
//! file ─ window ─ walk (extent) ─ the bytes of one record ─ parse (repair, value) ─ fields
//! ```
//!
//! [`walk`] finds where records begin and end, in one thread; [`read_fields`] reads their values, in others.

mod extent;
mod other_standards;
mod parse;
mod read;
mod record;
mod repair;
mod value;
mod walk;
mod window;

pub(super) use other_standards::STANDARD;
pub(super) use parse::{Fields, Unread, read_fields};
pub(super) use read::{assembled, known_key};
pub(super) use repair::{Repair, Repaired};
pub(super) use value::Json;
pub(super) use walk::walk;
