//! The text of a document as lines: headings as in Markdown, list items, rows of tables.

use crate::booklet::MAX_TEXT_BYTES;

/// What a paragraph is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Paragraph {
    #[default]
    Plain,
    /// A heading of a level from 1.
    Heading(usize),
    Item,
}

/// Collects paragraphs and tables. The text is bounded: what exceeds it is dropped, and [`finish`](Self::finish) says so.
#[derive(Debug, Default)]
pub(super) struct TextWriter {
    out: String,
    /// The paragraph that is open.
    open: String,
    /// Whether all of it is bold so far, and whether any of it is.
    is_all_bold: bool,
    has_bold: bool,
    /// The tables that are open, each within a cell of the one before: its row, if one is open.
    tables: Vec<Option<Row>>,
    /// Tables that are open within too many, which are read as paragraphs.
    flat_tables: usize,
    /// Whether the text ends with a row of the table that is open.
    is_table: bool,
    last: Paragraph,
    is_full: bool,
}

/// A row of a table that is open: the paragraphs of each cell.
#[derive(Debug, Default)]
struct Row {
    cells: Vec<Vec<(Paragraph, String)>>,
    is_head: bool,
}

/// Maximum depth of tables within tables; deeper ones are read as paragraphs.
const MAX_TABLES: usize = 16;
const MAX_CELLS: usize = 1_000;

impl TextWriter {
    /// Adds text to the open paragraph. White space is one space.
    pub(super) fn push(&mut self, text: &str, is_bold: bool) {
        if self.open.len() + text.len() > MAX_TEXT_BYTES {
            self.is_full = true;
            return;
        }
        if self.open.trim().is_empty() {
            self.is_all_bold = true;
        }
        if !text.trim().is_empty() {
            self.is_all_bold &= is_bold;
            self.has_bold |= is_bold;
        }
        for c in text.chars() {
            if !c.is_whitespace() {
                self.open.push(c);
            } else if !self.open.is_empty() && !self.open.ends_with([' ', '\n']) {
                self.open.push(' ');
            }
        }
    }

    /// Begins a new line in the open paragraph.
    pub(super) fn line_break(&mut self) {
        if !self.open.is_empty() {
            self.open.push('\n');
        }
    }

    /// Ends the open paragraph.
    pub(super) fn end(&mut self, paragraph: Paragraph) {
        let text = std::mem::take(&mut self.open);
        let is_bold = self.has_bold && self.is_all_bold && paragraph == Paragraph::Plain && !text.trim().contains('\n');
        self.has_bold = false;
        let lines: Vec<&str> = text
            .split('\n')
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        if lines.is_empty() {
            return;
        }
        let text = match paragraph {
            Paragraph::Heading(_) | Paragraph::Item => lines.join(" "),
            Paragraph::Plain if is_bold => format!("**{}**", lines[0]),
            Paragraph::Plain => lines.join("\n"),
        };
        self.write(paragraph, text);
    }

    fn write(&mut self, paragraph: Paragraph, text: String) {
        let mut rows = self.tables.iter_mut().rev().flatten();
        if let Some(cell) = rows.find_map(|row| row.cells.last_mut()) {
            cell.push((paragraph, text));
            return;
        }
        self.is_table = false;
        if self.out.len() + text.len() > MAX_TEXT_BYTES {
            self.is_full = true;
            return;
        }
        if !self.out.is_empty() {
            let is_list = (self.last, paragraph) == (Paragraph::Item, Paragraph::Item);
            self.out.push_str(if is_list { "\n" } else { "\n\n" });
        }
        match paragraph {
            Paragraph::Plain => {}
            Paragraph::Heading(level) => {
                self.out.push_str(&"#".repeat(level.clamp(1, 6)));
                self.out.push(' ');
            }
            Paragraph::Item => self.out.push_str("- "),
        }
        self.out.push_str(&text);
        self.last = paragraph;
    }

    pub(super) fn start_table(&mut self) {
        self.end(Paragraph::Plain);
        if self.tables.len() < MAX_TABLES {
            self.tables.push(None);
        } else {
            self.flat_tables += 1;
        }
        self.is_table = false;
    }

    pub(super) fn end_table(&mut self) {
        if self.flat_tables > 0 {
            self.flat_tables -= 1;
        } else {
            self.end_row();
            self.tables.pop();
        }
        self.is_table = false;
    }

    /// Begins a row of the open table. Ends the row before, as HTML need not.
    pub(super) fn start_row(&mut self) {
        self.end_row();
        if let Some(row) = self.open_table() {
            *row = Some(Row::default());
        }
    }

    fn open_table(&mut self) -> Option<&mut Option<Row>> {
        self.tables.last_mut().filter(|_| self.flat_tables == 0)
    }

    /// Marks the open row as one of headings.
    pub(super) fn mark_head(&mut self) {
        if let Some(Some(row)) = self.open_table() {
            row.is_head = true;
        }
    }

    /// Begins a cell of the open row: of a heading, of a value, or (`None`) of what the row has.
    pub(super) fn start_cell(&mut self, is_head: Option<bool>) {
        self.end(Paragraph::Plain);
        if let Some(Some(row)) = self.open_table()
            && row.cells.len() < MAX_CELLS
        {
            // A row of headings has no other cells.
            if let Some(is_head) = is_head {
                row.is_head = is_head && (row.is_head || row.cells.is_empty());
            }
            row.cells.push(Vec::new());
        }
    }

    /// Ends the open row: one line of a table, or its paragraphs, where the table only lays out the page.
    pub(super) fn end_row(&mut self) {
        self.end(Paragraph::Plain);
        let Some(row) = self.open_table().and_then(Option::take) else {
            return;
        };
        let is_row = row.cells.len() > 1 && row.cells.iter().all(|cell| is_value(cell));
        if !is_row {
            for (paragraph, text) in row.cells.into_iter().flatten() {
                self.write(paragraph, text);
            }
            return;
        }
        let cell = |cell: &Vec<(Paragraph, String)>| {
            let texts: Vec<String> = cell.iter().map(|(_, text)| text.replace(['\n', '|'], " ")).collect();
            texts.join(" ")
        };
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        if cells.iter().all(String::is_empty) {
            return;
        }
        let mut line = format!("| {} |", cells.join(" | "));
        if row.is_head && cells.len() > 2 {
            line.push_str("\n|");
            line.push_str(&"---|".repeat(cells.len()));
        }
        if self.is_table && self.tables.len() == 1 {
            self.out.push('\n');
            self.out.push_str(&line);
            self.is_full |= self.out.len() > MAX_TEXT_BYTES;
        } else {
            self.write(Paragraph::Plain, line);
            self.is_table = self.tables.len() == 1;
        }
    }

    /// Drops all text so far.
    pub(super) fn clear(&mut self) {
        *self = Self {
            is_full: self.is_full,
            ..Self::default()
        };
    }

    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// The text. `None` if there is too much.
    pub(super) fn finish(mut self) -> Option<String> {
        self.flat_tables = 0;
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.end(Paragraph::Plain);
        self.out.push('\n');
        (!self.is_full).then_some(self.out)
    }
}

/// Whether a cell holds a label or a value, not a part of the page.
fn is_value(cell: &[(Paragraph, String)]) -> bool {
    const MOST_PARAGRAPHS: usize = 3;
    const LONGEST: usize = 400;
    let length: usize = cell.iter().map(|(_, text)| text.len()).sum();
    let has_heading = cell
        .iter()
        .any(|(paragraph, _)| matches!(paragraph, Paragraph::Heading(_)));
    cell.len() <= MOST_PARAGRAPHS && length <= LONGEST && !has_heading
}
