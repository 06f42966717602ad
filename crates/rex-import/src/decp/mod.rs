//! Converts the public record of contracts, *données essentielles de la commande publique* (DECP), to records: JSON in the formats of
//! 2019 and 2022, XML, and the tables and API answers of data.economie.gouv.fr and decp.info.
//!
//! ```text
//! file ─ source (format, archives) ─┬─ json (walk) ─┬─ work ─ convert (mend, value, place, text, holder, modification) ─ Record ─ output
//!                                   ├─ xml ─────────┤    └─ table (columns, rows) ─ spool ─ merged rows ─ convert
//!                                   └─ table (csv) ─┘
//! one thread reads ──────────────────────────────────┘ the others convert (pipeline)
//! ```
//!
//! Sources of the formats: arrêtés of 22 March 2019 and of 22 December 2022 relatifs aux données essentielles. Published files
//! have many errors. A value that cannot be right, or is not JSON, is left out of its field and reported in the record. A record that
//! is no JSON object even so is refused, and reading goes on after it.

mod anomaly;
mod convert;
mod encoding;
mod holder;
mod import;
mod json;
mod key;
mod mend;
mod modification;
mod newest;
mod output;
mod pipeline;
mod place;
mod raw;
mod source;
mod spool;
mod table;
mod text;
mod value;
mod work;
mod xml;

pub use anomaly::DecpProblem;
pub use import::{DecpError, DecpFile, DecpOptions, DecpProgress, DecpSummary, import_decp};
