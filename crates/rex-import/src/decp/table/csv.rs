//! Reads contracts from CSV, one row at a time.

use std::io::Read;

use super::super::raw::{Content, ContractKind, Event, Position, Raw, ReadError, Sink};
use super::header::Columns;
use crate::bounded::Bounded;
use crate::delimiter::delimiter;
use crate::text_encoding::Utf8Reader;

/// Maximum size of a row. Bounds the memory; a quote without its pair would take in the rest of the file.
const MAX_ROW_BYTES: u64 = 16 << 20;
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
    loop {
        rows.get_mut().refill();
        let line = rows.position().line();
        match rows.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true)
                if record.len() > headers.len()
                    && record.iter().skip(headers.len()).any(|cell| !cell.trim().is_empty()) =>
            {
                let last = rows.position().line().saturating_sub(1).max(line);
                let found = record.len();
                let expected = headers.len();
                sink(Event::Refused {
                    position: Position::Line(line),
                    message: format!(
                        "{found} cells up to line {last}, expected {expected}; a quote or a delimiter is missing or stands too much"
                    ),
                })?;
            }
            Ok(true) => sink(Event::Record(Raw {
                position: Position::Line(record.position().map_or(line, csv::Position::line)),
                contract: ContractKind::Procurement,
                content: Content::Cells(columns.clone(), std::mem::take(&mut record)),
            }))?,
            Err(error) => return Err(broken(&error, line)),
        }
    }
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
