//! Markdown and footnotes to HTML.

pub(crate) mod footnotes;
pub(crate) mod markdown;
