use std::io;

use clap::{Args, ValueEnum};
use rex_import::{DOCUMENT_LIMITS, PDF_LIMITS, WORKBOOK_LIMITS, serve_document, serve_pdf, serve_workbook};

/// Reads a file on standard input and writes its content on standard output, in a process that bounds itself.
#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// Format of the file
    format: ExtractFormat,
}

/// The formats whose readers run in a child process.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExtractFormat {
    Pdf,
    /// An XLSX or ODS spreadsheet.
    Table,
    /// HTML, DOCX, ODT
    Document,
}

/// Serves the parent that started this process. Whatever goes wrong is a failure that the parent words.
#[allow(clippy::disallowed_methods, reason = "JSON for the parent, which is no terminal")]
pub(crate) fn run(args: &ExtractArgs) -> anyhow::Result<()> {
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    match args.format {
        ExtractFormat::Pdf => serve_pdf(&PDF_LIMITS, input, output)?,
        ExtractFormat::Table => serve_workbook(&WORKBOOK_LIMITS, input, output)?,
        ExtractFormat::Document => serve_document(&DOCUMENT_LIMITS, input, output)?,
    }
    Ok(())
}
