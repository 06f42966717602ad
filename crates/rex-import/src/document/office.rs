//! Documents of word processors: a ZIP archive of XML.

use super::archive::{Archive, OfficeFormat};
use super::error::{DocumentError, Format};
use super::text::TextWriter;
use super::{docx, odt};

/// The text of a document.
///
/// # Errors
/// A file that is no document that is read, is damaged, or has no text or too much.
pub(super) fn text(bytes: &[u8]) -> Result<String, DocumentError> {
    let mut archive = Archive::open(bytes)?;
    let format = archive.format()?;
    let mut text = TextWriter::default();
    match format {
        OfficeFormat::Odt => odt::read(&mut archive, &mut text)?,
        OfficeFormat::Docx => docx::read(&mut archive, &mut text)?,
    }
    let text = text.finish().ok_or(DocumentError::TooMuchText)?;
    if text.trim().is_empty() {
        return Err(DocumentError::NoText(Format::Borrowed(format.name())));
    }
    Ok(text)
}
