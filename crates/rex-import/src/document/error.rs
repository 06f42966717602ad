use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::booklet::MAX_TEXT_BYTES;

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
pub(super) type Format = Cow<'static, str>;
