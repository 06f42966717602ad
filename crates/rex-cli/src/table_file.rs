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
    known.map(|(_, what)| *what)
}
