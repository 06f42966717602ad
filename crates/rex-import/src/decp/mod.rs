//! The public record of contracts, *données essentielles de la commande publique* (DECP), as JSON files of the formats of 2019
//! and of 2022, to native records.
//!
//! ```text
//! file ─ stream ─ one Item at a time ─ convert (value, place, text, holder, modification) ─ Record ─ import ─ JSON lines
//! ```
//!
//! Sources of the formats: arrêtés of 22 March 2019 and of 22 December 2022 relatifs aux données essentielles. Published files
//! are dirty: a value that cannot be right is kept out of its field and said in the record, which is never lost for it.

mod anomaly;
mod convert;
mod holder;
mod import;
mod json;
mod modification;
mod place;
mod stream;
mod text;
mod value;

pub use anomaly::DecpProblem;
pub use import::{DecpError, DecpFile, DecpOptions, DecpProgress, DecpSummary, import_decp};
