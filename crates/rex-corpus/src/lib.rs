//! The cases Rex searches: what a [`Record`] is, how it is read from Markdown or JSON lines, and when it is valid.
//!
//! ```text
//! corpus/*.md  ─ markdown ─ yaml, toml ─ foreign ─┐
//!                                                 ├─ Node (values with their lines) ─ check ─ Record
//! corpus/*.jsonl ──────── jsonl ──────────────────┘
//! ```
//!
//! - `corpus`: [`Corpus`] finds the files of a folder and of the sources beside it, and returns every record and every [`Problem`] in
//!   one pass. Start here.
//! - `read`: files to raw records, YAML and JSON to nodes.
//! - `markdown`: front matter, sections, footnotes, comments, plain text.
//! - `foreign`: front matter and text of other programs.
//! - `check`: nodes to a record, or its problems.
//! - `record`: the record and the types of its fields.
//! - `regular_file`: opens and reads files that people name.
//! - `vocabulary`: closed lists and codes, from the files in `data`.
//!
//! This crate knows nothing of the index, the search or HTTP.

mod check;
mod corpus;
mod foreign;
mod markdown;
mod nfc;
mod read;
mod record;
mod regular_file;
mod vocabulary;

pub use check::NO_VALUE;
pub use check::problem::{Note, Problem};
pub use corpus::{Corpus, CorpusError, FileDigest, Report, TableNote};
pub use markdown::{parser as markdown_parser, plain_text};
pub use read::raw::{RawRecord, RecordDigest};
pub use record::amount::{AmountError, Euros};
pub use record::date::{Date, DateError};
pub use record::id::is_record_id;
pub use record::{CaseType, Lots, Nature, Party, Record, Reserve, Section, Source};
pub use regular_file::{expect_regular, open_regular, read_regular, read_regular_text};
pub use vocabulary::{
    Commune, Cpv, CpvError, CpvLabels, CpvLabelsError, CpvMatch, Departement, Epci, Procedure, Region, Territories,
    Territory, VocabularyError, data_lines, most_likely, name_key, nearest, nearest_hint, reserve_names,
    structure_label, structure_values,
};
