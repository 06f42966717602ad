use std::ops::RangeInclusive;

/// A message of an import to its reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind.
    pub kind: FindingKind,
    /// The line of the booklet, or the row of the sheet, from 1.
    pub line: usize,
    /// The name of the cell in a table: `B7`, or `row 7` for all of it. `None` for a text.
    pub cell: Option<String>,
    /// A sentence, or a field and its value, in English. Quotations are in French.
    pub message: String,
    /// The field of the record it is about.
    pub(crate) field: Option<&'static str>,
    /// The text that was read, for the reviewer to compare.
    pub(crate) typed: Option<String>,
}

impl Finding {
    /// Where it is: `line 7`, `B7`, `row 7`.
    pub fn place(&self) -> String {
        self.cell.clone().unwrap_or_else(|| format!("line {}", self.line))
    }
}

/// The kinds of findings, in report order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingKind {
    /// A field that was read.
    Found,
    /// A field or a section that is not there.
    Missing,
    /// A wrong value that was corrected.
    Corrected,
    /// A value that a person must check.
    Doubtful,
    /// Lines or cells that are not part of the case.
    LeftOut,
}

impl FindingKind {
    /// Every kind, in order.
    pub const ALL: [Self; 5] = [
        Self::Found,
        Self::Missing,
        Self::Corrected,
        Self::Doubtful,
        Self::LeftOut,
    ];

    /// The name of the kind in a report.
    pub fn label(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Missing => "missing",
            Self::Corrected => "corrected",
            Self::Doubtful => "doubtful",
            Self::LeftOut => "left out",
        }
    }
}

/// Collects the findings of one case.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    cell: Option<String>,
}

impl Findings {
    /// Names the cell that the next findings are about.
    pub(crate) fn in_cell(&mut self, cell: String) {
        self.cell = Some(cell);
    }

    /// The findings so far.
    pub(crate) fn list(&self) -> &[Finding] {
        &self.list
    }

    pub(crate) fn take_over(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    pub(crate) fn found(&mut self, line: usize, field: &'static str, value: &str) {
        self.push(FindingKind::Found, line, Some(field), None, format!("{field}: {value}"));
    }

    pub(crate) fn found_section(&mut self, line: usize, heading: &str, size: &str) {
        let message = format!("section « {heading} »: {size}");
        self.push(FindingKind::Found, line, Some("sections"), None, message);
    }

    pub(crate) fn missing(&mut self, line: usize, field: &'static str) {
        self.push(FindingKind::Missing, line, Some(field), None, field.to_owned());
    }

    pub(crate) fn corrected(&mut self, line: usize, field: &'static str, typed: &str, message: String) {
        self.push(
            FindingKind::Corrected,
            line,
            Some(field),
            Some(typed.to_owned()),
            message,
        );
    }

    pub(crate) fn doubtful(&mut self, line: usize, field: &'static str, typed: &str, message: String) {
        self.push(
            FindingKind::Doubtful,
            line,
            Some(field),
            Some(typed.to_owned()),
            message,
        );
    }

    pub(crate) fn left_out(&mut self, line: usize, text: &str) {
        self.left_out_text(line..=line, text);
    }

    /// A text of several lines.
    pub(crate) fn left_out_text(&mut self, lines: RangeInclusive<usize>, text: &str) {
        const LONGEST: usize = 60;
        let mut shown: String = text.chars().take(LONGEST).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        let (first, last) = lines.into_inner();
        let message = if first < last {
            format!("lines {first} to {last}: \"{shown}\"")
        } else {
            format!("\"{shown}\"")
        };
        self.push(FindingKind::LeftOut, first, None, None, message);
    }

    pub(crate) fn left_out_lines(&mut self, line: usize, message: String) {
        self.push(FindingKind::LeftOut, line, None, None, message);
    }

    fn push(
        &mut self,
        kind: FindingKind,
        line: usize,
        field: Option<&'static str>,
        typed: Option<String>,
        message: String,
    ) {
        self.list.push(Finding {
            kind,
            line,
            cell: self.cell.clone(),
            message,
            field,
            typed,
        });
    }

    /// The findings by kind, then by line.
    pub(crate) fn sorted(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| (finding.kind, finding.line));
        self.list
    }
}
