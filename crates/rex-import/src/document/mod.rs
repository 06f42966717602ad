//! The text of documents other than PDF: HTML pages, Word and OpenDocument texts.
//!
//! ```text
//! html    tokens ─────────────────────┐
//! office  archive ─ walk ─ docx, odt ─┴─ text (headings as `#`, lists, rows of tables)
//! ```
//!
//! Read in a child process with limits: a tag with a million attributes and an archive of a million files take any time and memory.

mod archive;
mod docx;
mod error;
mod html;
mod odt;
mod office;
mod text;
mod walk;

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::Command;
use std::time::Duration;

use crate::booklet::MAX_TEXT_BYTES;
use crate::child::{ChildError, ChildLimits, call, serve};

pub use error::DocumentError;
use error::Format;

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
