use std::fmt;
use std::panic::{self, AssertUnwindSafe};

use pdf_extract::{ConvertToFmt, Document, PlainTextOutput, output_doc_page};
use serde::{Deserialize, Serialize};

use crate::booklet::MAX_TEXT_BYTES;

const MAX_PAGES: usize = 2_000;

/// The text of each page; `None` for a page that cannot be read.
pub type PdfPages = Vec<Option<String>>;

/// Why a PDF has no text to offer; a clause about the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PdfError {
    /// The file is not a whole PDF.
    #[error("a damaged or truncated PDF; save its text and import that")]
    Damaged,
    /// The file is encrypted.
    #[error("a PDF with a password; save it without password")]
    Password,
    /// No page, or far too many.
    #[error("a PDF of {0} pages, expected 1 to {MAX_PAGES}")]
    Pages(usize),
    /// More text than a booklet may have.
    #[error("a PDF with over {} MB of text, expected that of one booklet", MAX_TEXT_BYTES >> 20)]
    Text,
}

/// The text of the pages of a PDF, read in this process: panics of the extractor are caught, but a hostile file can overflow the
/// stack and take any time and memory. [`read_pdf`](super::read_pdf) bounds them.
///
/// # Errors
/// A file without readable pages, or with too many or too long ones.
pub fn pdf_pages(bytes: &[u8]) -> Result<PdfPages, PdfError> {
    caught(|| pages(bytes)).unwrap_or(Err(PdfError::Damaged))
}

fn pages(bytes: &[u8]) -> Result<PdfPages, PdfError> {
    let mut document = Document::load_mem(bytes).map_err(|_| PdfError::Damaged)?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(PdfError::Password);
    }
    let count = document.get_pages().len();
    if count == 0 || count > MAX_PAGES {
        return Err(PdfError::Pages(count));
    }
    let mut left = MAX_TEXT_BYTES;
    let page = |number: u32| {
        let mut text = PageText {
            text: String::new(),
            left,
            is_cut: false,
        };
        let read = caught(|| output_doc_page(&document, &mut PlainTextOutput::new(&mut text), number).is_ok());
        if text.is_cut {
            return Err(PdfError::Text);
        }
        left = text.left;
        Ok(read.unwrap_or_default().then_some(text.text))
    };
    (1..=count as u32).map(page).collect()
}

/// Calls the extractor; `None` if it panics.
fn caught<T>(extract: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(extract)).ok()
}

/// The text of one page, of bounded size.
struct PageText {
    text: String,
    /// What is left of the text of all pages, in bytes.
    left: usize,
    is_cut: bool,
}

impl fmt::Write for PageText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match self.left.checked_sub(text.len()) {
            Some(left) => self.left = left,
            None => self.is_cut = true,
        }
        if self.is_cut {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

impl<'a> ConvertToFmt for &'a mut PageText {
    type Writer = &'a mut PageText;

    fn convert(self) -> Self::Writer {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_whole_pdf_is_said() {
        for bytes in [&b"%PDF-1.7\n"[..], b"%PDF-1.4\n1 0 obj\n<<", b"%PDF-\xff\xff", b""] {
            assert_eq!(pdf_pages(bytes), Err(PdfError::Damaged));
        }
    }
}
