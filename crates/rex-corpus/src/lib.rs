//! The cases Rex searches: what a [`Record`] is, how one is read from Markdown or JSON lines, and what makes it valid.
//!
//! ```text
//! corpus/*.md  ─ markdown ─ yaml ─┐
//!                                 ├─ Node (values with their lines) ─ check ─ Record
//! corpus/*.jsonl ──────── jsonl ──┘
//! ```
//!
//! [`Booklet`] reads the cases of a booklet from its text, to be reviewed and written as Markdown; [`import_decp`] makes records
//! of the public record of contracts.
//! [`Corpus`] walks a folder, and the sources named beside it, and gives every record and every [`Problem`] in one pass. Nothing here
//! knows about the index, the search or HTTP.

mod amount;
mod booklet;
mod check;
mod corpus;
mod date;
mod decp;
mod digest;
mod files;
mod ids;
mod jsonl;
mod markdown;
mod nfc;
mod node;
mod problem;
mod raw;
mod record;
mod vocabulary;
mod yaml;

pub use amount::{AmountError, Euros};
pub use booklet::{Booklet, BookletCase, BookletError, Finding, FindingKind, is_as_imported};
pub use corpus::{Corpus, CorpusError, Report};
pub use date::{Date, DateError};
pub use decp::{DecpError, DecpFile, DecpOptions, DecpProblem, DecpProgress, DecpSummary, import_decp};
pub use digest::FileDigest;
pub use markdown::{parser as markdown_parser, plain_text};
pub use problem::Problem;
pub use raw::{RawRecord, RecordDigest};
pub use record::{CaseType, Lots, Nature, Party, Record, Reserve, Section, Source};
pub use vocabulary::{
    Commune, Cpv, CpvError, CpvLabels, CpvLabelsError, CpvReading, Departement, Epci, Place, Procedure, Region,
    Territories, VocabularyError, nearest, nearest_hint, reserve_names, structure_label, structure_values,
};
