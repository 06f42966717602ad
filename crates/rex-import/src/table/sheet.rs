use serde::{Deserialize, Serialize};

use super::cell::Cell;

/// Maximum rows of a sheet that have a value. A publisher has hundreds of cases; the CPV list has 9,454 codes.
pub(super) const MAX_ROWS: usize = 20_000;
/// Maximum columns: the last one is SF.
pub(super) const MAX_COLUMNS: usize = 500;
/// Maximum bytes of a cell. Excel allows 32,767 characters.
pub(super) const MAX_CELL: usize = 128 << 10;
/// Maximum size of a spreadsheet as it is unpacked, in bytes.
pub(super) const MAX_UNPACKED: u64 = 256 << 20;
/// Maximum bytes of all texts of a file.
pub(super) const MAX_TEXT: usize = 64 << 20;

/// A sheet of a spreadsheet, or a CSV file: its rows that have a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name; empty for a CSV file.
    pub name: String,
    /// Whether the spreadsheet hides it.
    pub is_hidden: bool,
    /// In order.
    pub rows: Vec<Row>,
    /// What is doubtful about all of it, a clause each.
    pub doubts: Vec<String>,
}

/// A row with a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its number in the sheet, from 1.
    pub number: usize,
    /// From column A on. The last one is not empty.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a column, from 0.
    pub(crate) fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    /// The columns that have a value.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty())
    }
}

/// Why a file cannot be read as a table; a clause about the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SheetError {
    /// There is no value.
    #[error("is empty")]
    Empty,
    /// The file is not a whole spreadsheet.
    #[error("is no whole XLSX or ODS spreadsheet; open it and save it again")]
    Damaged,
    /// The spreadsheet is encrypted.
    #[error("has a password; save it without")]
    Password,
    /// The file is far larger unpacked.
    #[error("is over {} MB unpacked, expected a table of cases", MAX_UNPACKED >> 20)]
    Unpacked,
    /// The file has bytes that no text has.
    #[error("is no text and no XLSX or ODS spreadsheet")]
    NoText,
    /// There are too many rows.
    #[error("has over {MAX_ROWS} rows, expected a table of cases")]
    Rows,
    /// There are too many columns.
    #[error("has over {MAX_COLUMNS} columns in row {0}, expected one row a case")]
    Columns(usize),
    /// A cell is too long.
    #[error("has over {most} KB in cell {0}; a quotation mark may not be closed", most = MAX_CELL >> 10)]
    Cell(String),
    /// There is too much text.
    #[error("has over {} MB of text, expected a table of cases", MAX_TEXT >> 20)]
    Text,
}

/// Collects the rows of a sheet within the bounds.
#[derive(Debug, Default)]
pub(super) struct RowCollector {
    pub(super) rows: Vec<Row>,
    /// Bytes of all texts.
    pub(super) text: usize,
}

impl RowCollector {
    /// Adds a cell. Rows come in order; a cell of an earlier row is left out.
    pub(super) fn add(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), SheetError> {
        if cell.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(SheetError::Columns(row));
        }
        if let Cell::Text(text) = &cell {
            if text.len() > MAX_CELL {
                return Err(SheetError::Cell(format!("{}{row}", super::cell::column_name(column))));
            }
            self.text += text.len();
        }
        if self.text > MAX_TEXT {
            return Err(SheetError::Text);
        }
        if self.rows.last().is_none_or(|last| last.number < row) {
            if self.rows.len() == MAX_ROWS {
                return Err(SheetError::Rows);
            }
            self.rows.push(Row {
                number: row,
                cells: Vec::new(),
            });
        }
        if let Some(last) = self.rows.last_mut().filter(|last| last.number == row) {
            if last.cells.len() <= column {
                last.cells.resize(column + 1, Cell::Empty);
            }
            last.cells[column] = cell;
        }
        Ok(())
    }
}
