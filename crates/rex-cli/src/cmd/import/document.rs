//! The text of an HTML page or of a document of a word processor. A child process extracts it: `rex extract document`.

use std::env;
use std::fs::File;
use std::path::Path;
use std::process::Command;

use rex_import::{ChildError, DOCUMENT_LIMITS, read_document};

use super::booklet_text::BookletText;
use crate::failure::UserError;

/// The text of a document.
///
/// # Errors
/// A document without usable text, or a failure to start the child.
pub(super) fn text(path: &Path, file: File) -> anyhow::Result<BookletText> {
    let mut child = Command::new(env::current_exe()?);
    child.args(["extract", "document"]);
    let read = match read_document(child, file, &DOCUMENT_LIMITS) {
        Ok(read) => read.map_err(|problem| problem.to_string()),
        Err(failed @ ChildError::Start(_)) => return Err(failed.into()),
        Err(failed) => Err(format!("a document that {failed}; save its text and import that")),
    };
    let text = read.map_err(|problem| UserError(format!("{}: {problem}", path.display())))?;
    Ok(BookletText {
        text,
        doubts: Vec::new(),
    })
}

/// Whether the start of a file is that of an HTML page, or its name says so.
pub(super) fn is_html(path: &Path, start: &[u8]) -> bool {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    if extension.is_some_and(|extension| matches!(extension.as_str(), "html" | "htm" | "xhtml")) {
        return true;
    }
    let start: String = String::from_utf8_lossy(start).replace('\0', "").to_lowercase();
    let mut rest = start.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{fffd}'));
    // Comments and a declaration may stand above.
    while let Some((_, below)) = rest
        .split_once('>')
        .filter(|_| rest.starts_with("<!--") || rest.starts_with("<?xml"))
    {
        rest = below.trim_start();
    }
    ["<!doctype html", "<html", "<head>", "<body"]
        .iter()
        .any(|tag| rest.starts_with(tag))
}
