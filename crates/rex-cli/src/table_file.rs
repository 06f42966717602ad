//! Reads table files: CSV in this process, spreadsheets in a child with limits.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use rex_corpus::{open_regular, read_regular};
use rex_import::{MAX_TABLE_BYTES, Sheet, WORKBOOK_LIMITS, csv_sheet, read_workbook};

/// A file that may be a table.
pub(crate) struct TableFile {
    path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

impl TableFile {
    /// Reads a regular file of bounded size.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let bytes = read_regular(path, MAX_TABLE_BYTES)?;
        let path = path.to_owned();
        Ok(Self { path, bytes })
    }

    /// Its sheets; one for a CSV file.
    ///
    /// # Errors
    /// A clause about the file: what it is instead of a table, or the bound that it exceeds.
    pub(crate) fn sheets(&self) -> Result<Vec<Sheet>, String> {
        if let Some(what) = other_kind(&self.bytes) {
            return Err(what.to_owned());
        }
        if self.bytes.starts_with(b"PK") {
            return self.workbook();
        }
        let sheet = csv_sheet(&self.bytes).map_err(|error| error.to_string())?;
        Ok(vec![sheet])
    }

    fn workbook(&self) -> Result<Vec<Sheet>, String> {
        let failed = |error: io::Error| format!("cannot be handed to the process that reads it: {error}");
        let file = open_regular(&self.path).map_err(failed)?;
        let mut child = Command::new(env::current_exe().map_err(failed)?);
        child.args(["extract", "table"]);
        match read_workbook(child, file, &WORKBOOK_LIMITS) {
            Ok(sheets) => sheets.map_err(|error| error.to_string()),
            Err(failed) => Err(format!("{failed}; save it as CSV")),
        }
    }
}

/// Whether a file begins as XML does.
pub(crate) fn xml_start(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    text.starts_with(b"<") || bytes.starts_with(b"\xff\xfe<\0") || bytes.starts_with(b"\xfe\xff\0<")
}

/// What a file is that is neither text nor a spreadsheet that is read, by its magic number.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (
            b"\xd0\xcf\x11\xe0",
            "is an old Excel workbook (.xls) or has a password; save it as .xlsx without one",
        ),
        (b"%PDF-", "is a PDF, expected a CSV, XLSX or ODS table"),
        (b"\x1f\x8b", "is a gzip archive; unpack it first"),
        (b"PAR1", "is a Parquet file; export it as CSV"),
        (b"\x89PNG", "is a picture, expected a CSV, XLSX or ODS table"),
        (b"\xff\xd8\xff", "is a picture, expected a CSV, XLSX or ODS table"),
    ];
    let known = KINDS.iter().find(|(magic, _)| bytes.starts_with(magic));
    known
        .map(|(_, what)| *what)
        .or_else(|| kind_of_text(bytes))
        .or_else(|| kind_of_archive(bytes))
}

/// What a text is that is no CSV: an HTML page, also by the name of a spreadsheet, or JSON.
fn kind_of_text(bytes: &[u8]) -> Option<&'static str> {
    const START: usize = 1_024;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let start = String::from_utf8_lossy(&text[..text.len().min(START)]).to_lowercase();
    let is_page = start.starts_with('<')
        && ["<html", "<!doctype html", "<table"]
            .iter()
            .any(|tag| start.contains(tag));
    // `[{"` or `{"`, with white space between.
    let json: String = start.chars().filter(|c| !c.is_whitespace()).take(3).collect();
    match () {
        () if is_page => Some("is an HTML page; open it in a spreadsheet program and save it as XLSX"),
        () if json.starts_with("{\"") || json == "[{\"" => Some(
            "is JSON, expected a CSV, XLSX or ODS table; `rex import decp` imports public contracts, and records as JSON Lines (.jsonl) go into the corpus",
        ),
        () => None,
    }
}

/// What a ZIP archive is that is no spreadsheet, by the names of its parts.
fn kind_of_archive(bytes: &[u8]) -> Option<&'static str> {
    const PARTS: &[(&[u8], &str)] = &[
        (
            b"word/document.xml",
            "is a Word document (DOCX), expected a CSV, XLSX or ODS table; `rex import booklet` reads it",
        ),
        (
            b"ppt/presentation.xml",
            "is a PowerPoint presentation, expected a CSV, XLSX or ODS table",
        ),
        (
            b"xl/workbook.bin",
            "is a binary Excel workbook (.xlsb); save it as .xlsx",
        ),
    ];
    let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let found = PARTS.iter().find(|(part, _)| bytes.starts_with(b"PK") && has(part));
    found.map(|(_, what)| *what)
}
