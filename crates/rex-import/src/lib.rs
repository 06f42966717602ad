//! Imports what publishers have as records.
//!
//! - `booklet`: [`Booklet`] reads the cases of a booklet from its text. A person reviews them; they are written as Markdown.
//! - `imported`: a case for review, the findings about it, and its file.
//! - `decp`: [`import_decp`] converts the public record of contracts (DECP) to JSON lines.
//! - `pdf`: [`read_pdf`] extracts the text of a PDF, in a child process with limits.
//! - `document`: [`read_document`] extracts the text of HTML pages, Word and OpenDocument texts, in such a process too.
//! - `table`: [`Table`] reads cases from the rows of spreadsheets and CSV files ([`csv_sheet`], [`read_workbook`]);
//!   [`cpv_labels`] the labels of CPV codes.
//! - `child`: runs such child processes, for any format.
//! - `no_holder`: words in the place of a holder that say that there is none.
//! - `text_encoding`, `delimiter`: how a text file is encoded, and how the fields of a CSV file are separated.
//!
//! The files in `data` hold the headings, labels and names that both recognise, with their sources.

mod booklet;
mod bounded;
mod child;
mod decp;
mod delimiter;
mod document;
mod guarded;
mod imported;
mod no_holder;
mod pdf;
mod table;
mod text_encoding;

pub use booklet::{Booklet, BookletError, RecurringHeadings};
pub use child::{ChildError, ChildLimits};
pub use decp::{DecpError, DecpFile, DecpOptions, DecpProblem, DecpProgress, DecpSummary, import_decp};
pub use document::{DOCUMENT_LIMITS, DocumentError, MAX_DOCUMENT_BYTES, document_text, read_document, serve_document};
pub use guarded::is_guarded;
pub use imported::{Finding, FindingKind, ImportedCase, is_as_imported};
pub use pdf::{MAX_PDF_BYTES, PDF_LIMITS, PdfError, PdfPages, pdf_pages, read_pdf, serve_pdf};
pub use table::{
    Cell, MAX_TABLE_BYTES, Row, Sheet, SheetError, Table, TableError, TableMap, WORKBOOK_LIMITS, cpv_labels,
    cpv_labels_of_xml, csv_sheet, read_workbook, serve_workbook, workbook_sheets,
};
pub use text_encoding::french_text;
