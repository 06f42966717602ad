//! Reads a booklet of cases from its text: whatever was taken out of a PDF, or Markdown.
//!
//! ```text
//! text ─ lines ─ contents, pages (what is printed on every page is taken out)
//!                   └─ headings ─ cases ─┬─ information ─ facts (money, duration...)
//!                                        ├─ body (paragraphs, debris)
//!                                        └─ buyer, holder ─ assemble ─ Record ─ render
//! ```
//!
//! Cases are found by the headings of their sections, which come again from case to case, never by what a given booklet says.

mod amount_lines;
mod assemble;
mod body;
mod buyer;
mod cases;
mod contents;
mod cover;
mod cpv_line;
mod duration;
mod extent;
mod facts;
mod finding;
mod headings;
mod holder;
mod information;
mod lines;
mod mentions;
mod money;
mod names;
mod pages;
mod read;
mod render;
mod slug;
mod structure;

pub use finding::{Finding, FindingKind};
pub use read::{Booklet, BookletCase, BookletError};
pub use render::is_as_imported;
