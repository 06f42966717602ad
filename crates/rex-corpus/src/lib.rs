//! The cases Rex searches: what a [`Record`] is, how one is read from Markdown or JSON lines, and what makes it valid.
//!
//! ```text
//! corpus/*.md  ─ markdown ─ yaml ─┐
//!                                 ├─ Node (values with their lines) ─ check ─ Record
//! corpus/*.jsonl ──────── jsonl ──┘
//! ```
//!
//! [`Corpus`] walks a folder, and the sources named beside it, and gives every record and every [`Problem`] in one pass. Nothing here
//! knows about the index, the search or HTTP.

mod amount;
mod check;
mod corpus;
mod date;
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
pub use check::NO_VALUE;
pub use corpus::{Corpus, CorpusError, Report};
pub use date::{Date, DateError};
pub use digest::FileDigest;
pub use markdown::{parser as markdown_parser, plain_text};
pub use problem::Problem;
pub use raw::{RawRecord, RecordDigest};
pub use record::{CaseType, Lots, Nature, Party, Record, Reserve, Section, Source};
pub use vocabulary::{
    Commune, Cpv, CpvError, CpvLabels, CpvLabelsError, CpvMatch, Departement, Epci, Procedure, Region, Territories,
    Territory, VocabularyError, data_lines, most_likely, name_key, nearest, nearest_hint, reserve_names,
    structure_label, structure_values,
};
