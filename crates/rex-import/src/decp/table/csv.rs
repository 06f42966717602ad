//! Reads contracts from CSV, one row at a time.

use std::io::Read;

use super::super::raw::{Content, ContractKind, Event, Position, Raw, ReadError, Sink};
use super::header::Columns;
use crate::bounded::Bounded;
use crate::delimiter::delimiter;
use crate::text_encoding::Utf8Reader;

/// Maximum size of a row. Bounds the memory, also of its cells, which take eight bytes each; a quote without its pair would take in the
/// rest of the file.
const MAX_ROW_BYTES: u64 = 4 << 20;
/// Bytes in which the line of the headers must end.
const MAX_HEADER_BYTES: usize = 1 << 16;

/// Passes each row to `sink`, in file order.
///
/// A row with more cells than there are columns is refused; missing cells at its end are empty.
///
/// # Errors
/// A file that is no table of contracts, and the line from which on it cannot be read.
pub(in super::super) fn read_csv(source: impl Read, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut text = Utf8Reader::new(source);
    let mut start = Vec::new();
    text.by_ref().take(MAX_HEADER_BYTES as u64).read_to_end(&mut start)?;
    let separator = delimiter(&start);
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(Bounded::new(start.as_slice().chain(text), MAX_ROW_BYTES));
    let headers = rows.headers().map_err(|error| broken(&error, 1))?.clone();
    let columns = Columns::of(headers.iter()).map_err(ReadError::Unknown)?;
    let mut record = csv::StringRecord::new();
    // A row that is shorter than the others, until it is known whether the file ends in it.
    let mut short = None;
    loop {
        rows.get_mut().refill();
        let line = rows.position().line();
        let is_row = rows.read_record(&mut record).map_err(|error| broken(&error, line))?;
        if let Some(row) = short.take() {
            if !is_row && !rows.get_ref().ends_with_line_break() {
                let position = Position::Line(line);
                return Err(ReadError::Unclosed { position });
            }
            sink(row)?;
        }
        if !is_row {
            return Ok(());
        }
        let position = Position::Line(record.position().map_or(line, csv::Position::line));
        let last = rows.position().line().saturating_sub(1).max(line);
        if let Some(message) = fault(&record, headers.len(), &columns, separator, last) {
            sink(Event::Refused { position, message })?;
            continue;
        }
        let is_short = record.len() < headers.len();
        let row = Event::Record(Raw {
            position,
            contract: ContractKind::Procurement,
            content: Content::Cells(columns.clone(), std::mem::take(&mut record)),
        });
        match is_short {
            true => short = Some(row),
            false => sink(row)?,
        }
    }
}

/// What shows that a row is not one: more cells than columns, no cell for the object, or other rows in one of its cells, which a
/// missing quote took in.
fn fault(record: &csv::StringRecord, expected: usize, columns: &Columns, separator: u8, last: u64) -> Option<String> {
    let found = record.len();
    let is_too_long = found > expected && record.iter().skip(expected).any(|cell| !cell.trim().is_empty());
    let is_too_short = found <= columns.object();
    if is_too_long || is_too_short {
        return Some(format!(
            "{found} cells up to line {last}, expected {expected}; a quote or a delimiter is missing or stands too much"
        ));
    }
    // As many delimiters on a line of a cell as half of a row has.
    let separators = |line: &str| line.bytes().filter(|byte| *byte == separator).count();
    let has_rows =
        |cell: &str| cell.contains('\n') && cell.lines().any(|line| 2 * separators(line) >= expected.max(4) - 1);
    record
        .iter()
        .any(has_rows)
        .then(|| format!("other rows in a cell, up to line {last}, as a quote is missing"))
}

fn broken(error: &csv::Error, line: u64) -> ReadError {
    let message = match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            format!("over {MAX_ROW_BYTES} bytes without the end of a row, as a quote is missing")
        }
        csv::ErrorKind::Io(error) => return ReadError::Io(std::io::Error::new(error.kind(), error.to_string())),
        _ => error.to_string(),
    };
    ReadError::Broken {
        position: Position::Line(line),
        message,
    }
}
