//! The records of a file as they are read, before their values are.

use std::fmt;

use super::json::Json;
use super::table::Columns;

/// The kind of a record, by its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContractKind {
    /// A contract of supplies, services or works.
    Procurement,
    Concession,
}

/// A position in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// From 0.
    Byte(u64),
    /// From 1.
    Line(u64),
    /// The rank of a row, from 1.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "other tables have lines"))]
    Row(u64),
    /// The rank of a contract of several rows, from 1.
    Contract(u64),
}

impl Position {
    /// The position a number of bytes further on.
    pub(super) fn plus(self, bytes: usize) -> Self {
        match self {
            Self::Byte(offset) => Self::Byte(offset + bytes as u64),
            Self::Line(_) | Self::Row(_) | Self::Contract(_) => self,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(offset) => write!(f, "byte {offset}"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row(row) => write!(f, "row {row}"),
            Self::Contract(rank) => write!(f, "contract {rank} of several rows"),
        }
    }
}

/// One record of a file.
#[derive(Debug)]
pub(super) struct Raw {
    /// Where it begins.
    pub(super) position: Position,
    pub(super) contract: ContractKind,
    pub(super) content: Content,
}

/// A record in the form its reader gives.
#[derive(Debug)]
pub(super) enum Content {
    /// The text of a JSON value, with its brackets balanced.
    Json(Vec<u8>),
    /// The cells of a row, in the order of the columns.
    Cells(Columns, csv::StringRecord),
    /// Fields, and their size in memory in bytes, about.
    Fields(Json, usize),
    /// The rows of one contract, as JSON.
    Rows(Vec<Vec<u8>>),
}

impl Raw {
    /// Its size in memory, in bytes, about.
    pub(super) fn size(&self) -> usize {
        match &self.content {
            Content::Json(bytes) => bytes.len(),
            // A cell takes eight bytes beside its text.
            Content::Cells(_, cells) => cells.as_slice().len() + 8 * cells.len(),
            Content::Fields(_, size) => *size,
            Content::Rows(rows) => rows.iter().map(Vec::len).sum(),
        }
    }
}

/// What is read.
#[derive(Debug)]
pub(super) enum Event {
    Record(Raw),
    /// A record, or what stands between records, that cannot be read, and that reading went on after.
    Refused {
        position: Position,
        message: String,
    },
    /// No record up to here.
    Searched,
    /// The file of an archive with this name begins.
    File(String),
    /// It ends.
    FileEnd(Result<(), ReadError>),
}

/// Why a file was not read to its end.
#[derive(Debug)]
pub(super) enum ReadError {
    /// The file is not what it seemed, or ends, at this position.
    Broken { position: Position, message: String },
    /// The file ends between two records, before the brackets around them.
    Unclosed { position: Position },
    /// The file is of a kind that is not read.
    Unknown(String),
    /// The file cannot be read.
    Io(std::io::Error),
    /// Nobody takes the records any more.
    Stopped,
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// Takes what is read. An error stops the reader.
pub(super) type Sink<'a> = dyn FnMut(Event) -> Result<(), ReadError> + 'a;
