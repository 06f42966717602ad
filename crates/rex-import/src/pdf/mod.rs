//! Extracts the text of a PDF, in a child process with limits: the extractor may panic, recurse deeply, or take any time and memory
//! on malformed files.

mod extract;
mod limits;

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::Command;

use crate::child::{ChildError, ChildLimits, call, serve};

pub use extract::{PdfError, PdfPages, pdf_pages};
pub use limits::{MAX_PDF_BYTES, PDF_LIMITS};

/// The text of the pages of a PDF, by a child process that `command` starts and that calls [`serve_pdf`] with the same limits.
///
/// # Errors
/// A child that gave no answer.
pub fn read_pdf(command: Command, file: File, limits: &ChildLimits) -> Result<Result<PdfPages, PdfError>, ChildError> {
    call(command, file, limits)
}

/// The child process of [`read_pdf`]: limits itself, reads a PDF from `input` and writes its pages to `output`.
///
/// # Errors
/// A limit that cannot be set, a file over the limit, a failed read or write. The process should then exit with a failure.
pub fn serve_pdf(limits: &ChildLimits, input: impl Read, output: impl Write) -> io::Result<()> {
    serve(limits, input, output, |bytes| pdf_pages(&bytes))
}
