//! Converts the public record of contracts, *données essentielles de la commande publique* (DECP), from JSON files in the formats
//! of 2019 and 2022 to records.
//!
//! ```text
//! file ─ stream (window, extent, repair) ─ one Item at a time ─ convert (value, place, text, holder, modification) ─ Record ─ import ─ JSON lines
//! ```
//!
//! Sources of the formats: arrêtés of 22 March 2019 and of 22 December 2022 relatifs aux données essentielles. Published files
//! have many errors. A value that cannot be right, or is not JSON, is left out of its field and reported in the record. A record that
//! is no JSON object even so is refused, and reading goes on after it.

mod anomaly;
mod convert;
mod extent;
mod holder;
mod import;
mod json;
mod key;
mod modification;
mod newest;
mod place;
mod repair;
mod stream;
mod text;
mod value;
mod window;

pub use anomaly::DecpProblem;
pub use import::{DecpError, DecpFile, DecpOptions, DecpProgress, DecpSummary, import_decp};
