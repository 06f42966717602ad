//! The text of a Word document. Headers, footers, notes and comments are files of their own and are not read.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::archive::{Archive, attributes, local};
use super::error::{DocumentError, Format};
use super::text::{Paragraph, TextWriter};
use super::walk::{Walk, walk_xml};

const DAMAGED: DocumentError = DocumentError::Damaged(Format::Borrowed("a DOCX document"));

/// Reads the document of an archive.
pub(super) fn read(archive: &mut Archive<'_>, text: &mut TextWriter) -> Result<(), DocumentError> {
    let styles = styles(archive);
    let Some(mut xml) = archive.xml("word/document.xml") else {
        return Err(DAMAGED);
    };
    let mut walk = Document {
        styles,
        text,
        is_text: false,
        is_bold: false,
        is_run: false,
        dropped: 0,
        paragraph: Paragraph::Plain,
    };
    walk_xml(&mut xml, &mut walk, DAMAGED)
}

/// The level of the heading that each style is, by its id.
fn styles(archive: &mut Archive<'_>) -> HashMap<String, usize> {
    const MOST: usize = 5_000;
    let mut styles = HashMap::new();
    let Some(mut xml) = archive.xml("word/styles.xml") else {
        return styles;
    };
    let mut buffer = Vec::new();
    let mut open = String::new();
    while styles.len() < MOST {
        buffer.clear();
        let Ok(event) = xml.read_event_into(&mut buffer) else {
            break;
        };
        match event {
            Event::Start(element) => {
                let value = |name: &str| attributes(&element).remove(name).unwrap_or_default();
                match local(element.name().as_ref()) {
                    "style" => open = value("styleId"),
                    "name" => {
                        if let Some(level) = named_level(&value("val")) {
                            styles.insert(open.clone(), level);
                        }
                    }
                    "outlineLvl" => {
                        if let Some(level) = value("val").parse::<usize>().ok().filter(|level| *level < 9) {
                            styles.entry(open.clone()).or_insert(level + 1);
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    styles
}

/// The level in the name or the id of a style: « heading 2 », « Titre2 », « Title ».
fn named_level(name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    if matches!(name.as_str(), "title" | "titre") {
        return Some(1);
    }
    let rest = name.strip_prefix("heading").or_else(|| name.strip_prefix("titre"))?;
    rest.trim().parse().ok().filter(|level| (1..=9).contains(level))
}

struct Document<'a> {
    styles: HashMap<String, usize>,
    text: &'a mut TextWriter,
    paragraph: Paragraph,
    /// Whether the characters that follow are text of a run.
    is_text: bool,
    is_run: bool,
    is_bold: bool,
    /// Elements that are open in one that is dropped.
    dropped: usize,
}

impl Walk for Document<'_> {
    fn start(&mut self, name: &str, attributes: impl Fn() -> HashMap<String, String>) {
        // Text boxes stand twice, the second time for older programs. Deleted text is kept by the document.
        if self.dropped > 0 || matches!(name, "Fallback" | "del" | "moveFrom") {
            self.dropped += 1;
            return;
        }
        let value = |name: &str| attributes().remove(name);
        match name {
            "p" => self.end_paragraph(),
            "pStyle" => {
                let style = value("val").unwrap_or_default();
                let level = self.styles.get(&style).copied().or_else(|| named_level(&style));
                if let Some(level) = level {
                    self.paragraph = Paragraph::Heading(level);
                }
            }
            "outlineLvl" if self.paragraph == Paragraph::Plain => {
                let level = value("val")
                    .and_then(|level| level.parse().ok())
                    .filter(|level| *level < 9);
                self.paragraph = level.map_or(Paragraph::Plain, |level: usize| Paragraph::Heading(level + 1));
            }
            "numPr" if self.paragraph == Paragraph::Plain => self.paragraph = Paragraph::Item,
            "r" => (self.is_run, self.is_bold) = (true, false),
            "b" if self.is_run => {
                let is_off = value("val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off"));
                self.is_bold = !is_off;
            }
            "t" => self.is_text = true,
            "tab" if self.is_run => self.text.push(" ", self.is_bold),
            "noBreakHyphen" => self.text.push("-", self.is_bold),
            "br" | "cr" => self.text.line_break(),
            "tbl" => self.text.start_table(),
            "tr" => self.text.start_row(),
            "tblHeader" => self.text.mark_head(),
            "tc" => self.text.start_cell(None),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        match name {
            "p" => self.end_paragraph(),
            "r" => self.is_run = false,
            "t" => self.is_text = false,
            "tr" => self.text.end_row(),
            "tbl" => self.text.end_table(),
            _ => {}
        }
    }

    fn characters(&mut self, text: &str) {
        if self.is_text && self.dropped == 0 {
            self.text.push(text, self.is_bold);
        }
    }

    fn is_full(&self) -> bool {
        self.text.is_full()
    }
}

impl Document<'_> {
    fn end_paragraph(&mut self) {
        self.text.end(std::mem::take(&mut self.paragraph));
    }
}
