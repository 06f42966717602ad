//! Imports what publishers have as records.
//!
//! - `booklet`: [`Booklet`] reads the cases of a booklet from its text. A person reviews them; they are written as Markdown.
//! - `decp`: [`import_decp`] converts the public record of contracts (DECP) to JSON lines.
//!
//! The files in `data` hold the headings, labels and names that both recognise, with their sources.

mod booklet;
mod decp;

pub use booklet::{Booklet, BookletCase, BookletError, Finding, FindingKind, is_as_imported};
pub use decp::{DecpError, DecpFile, DecpOptions, DecpProblem, DecpProgress, DecpSummary, import_decp};
