//! The structure of a booklet: lines, pages, table of contents, and the cases by the headings of their sections.
//!
//! ```text
//! lines ─ contents, pages ─ headings ─ cases ─┬─ extent (what is in no case, page of a case)
//!                                             └─ body (paragraphs, lists, debris)
//! ```

pub(crate) mod body;
pub(crate) mod cards;
pub(crate) mod cases;
pub(crate) mod contents;
pub(crate) mod cover;
pub(crate) mod extent;
pub(crate) mod headings;
pub(crate) mod lines;
pub(crate) mod own_cases;
pub(crate) mod pages;
pub(crate) mod recurring;
pub(crate) mod titles;
