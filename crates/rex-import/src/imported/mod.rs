//! A case as an importer hands it to a person: its record, what was found and doubted, and its Markdown file.
//!
//! ```text
//! finding, slug ─ case ─ render ─ Markdown
//! ```

mod case;
mod finding;
mod render;
mod slug;

pub use case::ImportedCase;
pub(crate) use finding::Findings;
pub use finding::{Finding, FindingKind};
pub use render::is_as_imported;
pub(crate) use slug::slug;
