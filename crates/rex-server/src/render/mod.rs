//! Markdown and notes to HTML.

pub(crate) mod footnotes;
pub(crate) mod markdown;
