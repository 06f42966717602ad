//! The ZIP archive of a document, and the XML files in it.

use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read};

use zip::ZipArchive;

use super::error::{DocumentError, Format};

/// Maximum size of an XML file of a document, decompressed.
const MAX_XML_BYTES: u64 = 64 << 20;
/// Maximum number of files in a document.
const MAX_FILES: usize = 10_000;

/// A format that is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum OfficeFormat {
    Docx,
    Odt,
}

impl OfficeFormat {
    /// `a DOCX document`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Docx => "a DOCX document",
            Self::Odt => "an ODT document",
        }
    }
}

/// A document whose files can be read.
pub(super) struct Archive<'a>(ZipArchive<Cursor<&'a [u8]>>);

/// The XML of a file.
pub(super) type Xml<'a> = quick_xml::Reader<BufReader<Box<dyn Read + 'a>>>;

impl<'a> Archive<'a> {
    /// Opens the archive in the bytes of a file.
    ///
    /// # Errors
    /// A file that is no whole archive, or one of too many files.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, DocumentError> {
        // Each file has a header with this mark. Counted first, as all headers are read at once.
        let files = bytes.windows(4).filter(|mark| mark == b"PK\x01\x02").count();
        if files > MAX_FILES {
            return Err(DocumentError::Files);
        }
        let archive = ZipArchive::new(Cursor::new(bytes));
        archive
            .map(Self)
            .map_err(|_| DocumentError::Damaged(Format::Borrowed("a ZIP archive")))
    }

    /// The format of the document, by the files in it.
    ///
    /// # Errors
    /// The name of another format.
    pub(super) fn format(&mut self) -> Result<OfficeFormat, DocumentError> {
        const OTHERS: &[(&str, &str)] = &[
            ("ppt/presentation.xml", "a PowerPoint presentation (PPTX)"),
            ("xl/workbook.xml", "an Excel spreadsheet (XLSX)"),
            ("xl/workbook.bin", "an Excel spreadsheet (XLSB)"),
            ("Index/Document.iwa", "an Apple Pages, Keynote or Numbers document"),
            ("Index.zip", "an Apple Pages, Keynote or Numbers document"),
            ("index.apxl", "an Apple Keynote presentation"),
            ("META-INF/container.xml", "an EPUB book"),
        ];
        const TYPES: &[(&str, &str)] = &[
            ("application/epub+zip", "an EPUB book"),
            (
                "application/vnd.oasis.opendocument.presentation",
                "an OpenDocument presentation (ODP)",
            ),
            (
                "application/vnd.oasis.opendocument.spreadsheet",
                "an OpenDocument spreadsheet (ODS)",
            ),
            (
                "application/vnd.oasis.opendocument.graphics",
                "an OpenDocument drawing (ODG)",
            ),
        ];
        if self.0.index_for_name("word/document.xml").is_some() {
            return Ok(OfficeFormat::Docx);
        }
        let mimetype = self.whole("mimetype", 100).unwrap_or_default();
        let mimetype = String::from_utf8_lossy(&mimetype);
        if mimetype.starts_with("application/vnd.oasis.opendocument.text") {
            return Ok(OfficeFormat::Odt);
        }
        let by_type = TYPES.iter().find(|(name, _)| mimetype.trim() == *name);
        let other = by_type.or_else(|| OTHERS.iter().find(|(name, _)| self.0.index_for_name(name).is_some()));
        let name = Format::Borrowed(other.map_or("a ZIP archive", |(_, format)| format));
        Err(if name.contains("spreadsheet") {
            DocumentError::Spreadsheet(name)
        } else {
            DocumentError::Other(name)
        })
    }

    /// The first bytes of a file.
    fn whole(&mut self, name: &str, most: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.0.by_name(name).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The XML of a file. `None` if there is no such file.
    pub(super) fn xml(&mut self, name: &str) -> Option<Xml<'_>> {
        let file: Box<dyn Read + '_> = Box::new(self.0.by_name(name).ok()?.take(MAX_XML_BYTES));
        let mut xml = quick_xml::Reader::from_reader(BufReader::new(file));
        let config = xml.config_mut();
        config.allow_dangling_amp = true;
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Some(xml)
    }
}

/// The name of an element or attribute without its namespace.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

/// The attributes of an element by their local names; those that are no XML are left out.
pub(super) fn attributes(element: &quick_xml::events::BytesStart<'_>) -> HashMap<String, String> {
    const MOST: usize = 64;
    let mut attributes = element.attributes();
    let attributes = attributes.with_checks(false).take(MOST).flatten();
    attributes
        .map(|attribute| (local(attribute.key.as_ref()).to_owned(), attribute.value.to_string()))
        .collect()
}
