//! The text of documents other than PDF: HTML pages, Word and OpenDocument texts.
//!
//! ```text
//! html    tokens ──────────────┐
//! office  ZIP ─ docx, odt: XML ┴─ text (headings as `#`, lists, rows of tables)
//! ```
//!
//! Read in a child process with limits: a tag with a million attributes and an archive of a million files take any time and memory.

mod docx;
mod html;
mod odt;
mod office;
mod text;

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::Command;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::booklet::MAX_TEXT_BYTES;
use crate::child::{ChildError, ChildLimits, call, serve};

/// Maximum size of a document in bytes, images included.
pub const MAX_DOCUMENT_BYTES: u64 = 64 << 20;

/// Limits of the child that reads a document, far over what a booklet needs: one of eight megabytes of text takes a second.
pub const DOCUMENT_LIMITS: ChildLimits = ChildLimits {
    memory_bytes: 1 << 30,
    processor: Duration::from_secs(20),
    time: Duration::from_secs(120),
    input_bytes: MAX_DOCUMENT_BYTES,
    // JSON writes a control character as six bytes.
    output_bytes: 6 * MAX_TEXT_BYTES as u64 + (64 << 10),
};

/// Why a document has no text to offer; a clause about the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DocumentError {
    /// The file is not a whole document of its format.
    #[error("{0} that is damaged or truncated; save it again, or as PDF or text")]
    Damaged(Format),
    /// The document has no text.
    #[error("{0} without text, such as one of pictures only; export it as PDF with text, or save its text")]
    NoText(Format),
    /// The file is of another format.
    #[error("{0}, which is not read; export it as DOCX, ODT, PDF, HTML or text")]
    Other(Format),
    /// The file is a spreadsheet.
    #[error("{0}, not a booklet; `rex import table` reads spreadsheets with one case a row")]
    Spreadsheet(Format),
    /// The archive has too many files.
    #[error("a ZIP archive of far too many files for a document")]
    Files,
    /// More text than a booklet may have.
    #[error("a document with over {} MB of text, expected that of one booklet", MAX_TEXT_BYTES >> 20)]
    TooMuchText,
}

/// The name of a format: `a DOCX document`.
type Format = std::borrow::Cow<'static, str>;

/// The text of a document, read in this process: a hostile file can take any time and memory. [`read_document`] bounds them.
///
/// # Errors
/// A file of another format, that is damaged, or without text or with too much.
pub fn document_text(bytes: &[u8]) -> Result<String, DocumentError> {
    if bytes.starts_with(b"PK") {
        return office::text(bytes);
    }
    let text = html::text(bytes)?;
    if text.trim().is_empty() {
        return Err(DocumentError::NoText(Format::Borrowed("an HTML page")));
    }
    Ok(text)
}

/// The text of a document, by a child process that `command` starts and that calls [`serve_document`] with the same limits.
///
/// # Errors
/// A child that gave no answer.
pub fn read_document(
    command: Command,
    file: File,
    limits: &ChildLimits,
) -> Result<Result<String, DocumentError>, ChildError> {
    call(command, file, limits)
}

/// The child process of [`read_document`]: limits itself, reads a document from `input` and writes its text to `output`.
///
/// # Errors
/// A limit that cannot be set, a file over the limit, a failed read or write. The process should then exit with a failure.
pub fn serve_document(limits: &ChildLimits, input: impl Read, output: impl Write) -> io::Result<()> {
    serve(limits, input, output, |bytes| document_text(&bytes))
}
