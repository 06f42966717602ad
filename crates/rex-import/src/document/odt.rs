//! The text of an OpenDocument text. Notes, comments and deleted text are left out; headers and footers are in another file.

use std::collections::HashMap;

use super::archive::Archive;
use super::error::{DocumentError, Format};
use super::text::{Paragraph, TextWriter};
use super::walk::{Walk, walk_xml};

const DAMAGED: DocumentError = DocumentError::Damaged(Format::Borrowed("an ODT document"));

/// Reads the document of an archive.
pub(super) fn read(archive: &mut Archive<'_>, text: &mut TextWriter) -> Result<(), DocumentError> {
    let Some(mut xml) = archive.xml("content.xml") else {
        return Err(DAMAGED);
    };
    let mut walk = Document {
        text,
        paragraph: Paragraph::Plain,
        open: 0,
        items: 0,
        is_head: false,
        dropped: 0,
    };
    walk_xml(&mut xml, &mut walk, DAMAGED)
}

struct Document<'a> {
    text: &'a mut TextWriter,
    paragraph: Paragraph,
    /// Paragraphs and list items that are open.
    open: usize,
    items: usize,
    is_head: bool,
    /// Elements that are open in one that is dropped.
    dropped: usize,
}

impl Walk for Document<'_> {
    fn start(&mut self, name: &str, attributes: impl Fn() -> HashMap<String, String>) {
        if self.dropped > 0 || matches!(name, "note" | "annotation" | "tracked-changes" | "script" | "forms") {
            self.dropped += 1;
            return;
        }
        match name {
            "h" => {
                self.begin();
                let level = attributes()
                    .remove("outline-level")
                    .and_then(|level| level.parse().ok());
                self.paragraph = Paragraph::Heading(level.unwrap_or(1));
            }
            "p" => {
                self.begin();
                self.paragraph = if self.items > 0 {
                    Paragraph::Item
                } else {
                    Paragraph::Plain
                };
            }
            "list-item" => self.items += 1,
            "s" | "tab" => self.text.push(" ", false),
            "line-break" => self.text.line_break(),
            "table-header-rows" => self.is_head = true,
            "table" => self.text.start_table(),
            "table-row" => self.text.start_row(),
            "table-cell" => self.text.start_cell(Some(self.is_head)),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        match name {
            "h" | "p" => {
                self.end_paragraph();
                self.open = self.open.saturating_sub(1);
            }
            "list-item" => self.items = self.items.saturating_sub(1),
            "table-header-rows" => self.is_head = false,
            "table-row" => self.text.end_row(),
            "table" => self.text.end_table(),
            _ => {}
        }
    }

    fn characters(&mut self, text: &str) {
        if self.open > 0 && self.dropped == 0 {
            self.text.push(text, false);
        }
    }

    fn is_full(&self) -> bool {
        self.text.is_full()
    }
}

impl Document<'_> {
    fn begin(&mut self) {
        self.end_paragraph();
        self.open += 1;
    }

    fn end_paragraph(&mut self) {
        self.text.end(std::mem::take(&mut self.paragraph));
    }
}
