//! What publishers have, to records.
//!
//! [`Booklet`] reads the cases of a booklet from its text, to be reviewed and written as Markdown; [`import_decp`] makes records
//! of the public record of contracts (DECP).

mod booklet;
mod decp;

pub use booklet::{Booklet, BookletCase, BookletError, Finding, FindingKind, is_as_imported};
pub use decp::{DecpError, DecpFile, DecpOptions, DecpProblem, DecpProgress, DecpSummary, import_decp};
