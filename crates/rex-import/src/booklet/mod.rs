//! Reads a booklet of cases from its text, which was extracted from a PDF or is Markdown.
//!
//! ```text
//! text ─ layout (lines, pages, contents, headings, cases, body)
//!          ├─ facts (amount, duration, CPV code...) ─┐
//!          └─ parties (buyer, holder) ───────────────┴─ assemble ─ Record
//! ```
//!
//! Cases are found by the headings of their sections, which repeat from case to case. No rule depends on a particular booklet.

mod assemble;
mod evidence;
pub(crate) mod facts;
mod layout;
mod own_case;
mod parties;
mod read;

pub(crate) use read::MAX_TEXT_BYTES;
pub use read::{Booklet, BookletError, RecurringHeadings};
