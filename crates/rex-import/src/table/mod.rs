//! Reads tables: the cases of a spreadsheet or CSV file, one row a case, and lists of CPV codes.
//!
//! ```text
//! csv_file ──┐                            header (field) ─┐
//! workbook ──┴─ Sheet (rows of cells) ─┬─────────────────── row ─┴── import ─ Table
//!                                      │    amount, values, place, party, section
//!                                      └─ cpv_list ─ CpvLabels
//! ```

mod amount;
mod cell;
mod considerations;
mod cpv_list;
mod csv_file;
mod field;
mod header;
mod import;
mod mapping;
mod party;
mod place;
mod place_code;
mod row;
mod section;
mod sheet;
mod values;
mod workbook;

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::Command;
use std::time::Duration;

use crate::child::{ChildError, ChildLimits, call, serve};

pub use cell::Cell;
pub use cpv_list::{cpv_labels, cpv_labels_of_xml};
pub use csv_file::csv_sheet;
pub use import::{Table, TableError};
pub use mapping::TableMap;
pub use sheet::{Row, Sheet, SheetError};
pub use workbook::workbook_sheets;

/// Maximum size of a table file in bytes.
pub const MAX_TABLE_BYTES: u64 = 32 << 20;

/// Limits of the child that reads a spreadsheet, far over what a table of cases needs.
pub const WORKBOOK_LIMITS: ChildLimits = ChildLimits {
    memory_bytes: 1 << 30,
    processor: Duration::from_secs(20),
    time: Duration::from_secs(120),
    input_bytes: MAX_TABLE_BYTES,
    // JSON writes a control character as six bytes.
    output_bytes: 6 * sheet::MAX_TEXT as u64 + (64 << 20),
};

/// The sheets of a spreadsheet, by a child process that `command` starts and that calls [`serve_workbook`] with the same limits.
///
/// # Errors
/// A child that gave no answer.
pub fn read_workbook(
    command: Command,
    file: File,
    limits: &ChildLimits,
) -> Result<Result<Vec<Sheet>, SheetError>, ChildError> {
    call(command, file, limits)
}

/// The child process of [`read_workbook`]: limits itself, reads a spreadsheet from `input` and writes its sheets to `output`.
///
/// # Errors
/// A limit that cannot be set, a file over the limit, a failed read or write. The process should then exit with a failure.
pub fn serve_workbook(limits: &ChildLimits, input: impl Read, output: impl Write) -> io::Result<()> {
    serve(limits, input, output, |bytes| workbook_sheets(&bytes))
}
