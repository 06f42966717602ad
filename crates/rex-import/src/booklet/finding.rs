/// A message of the import of a booklet to its reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind.
    pub kind: FindingKind,
    /// The line of the booklet, from 1.
    pub line: usize,
    /// A sentence, or a field and its value, in English. Quotations are in French.
    pub message: String,
    /// The field of the record it is about.
    pub(crate) field: Option<&'static str>,
    /// The text in the booklet, for the reviewer to compare.
    pub(crate) typed: Option<String>,
}

/// The kinds of findings, in report order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingKind {
    /// A field that was read.
    Found,
    /// A field or a section that the booklet does not have.
    Missing,
    /// A wrong value of the booklet that was corrected.
    Corrected,
    /// A value that a person must check.
    Doubtful,
    /// Lines that are not part of the case.
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
pub(crate) struct Findings(pub(crate) Vec<Finding>);

impl Findings {
    pub(crate) fn found(&mut self, line: usize, field: &'static str, value: &str) {
        self.push(FindingKind::Found, line, Some(field), None, format!("{field}: {value}"));
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
        const LONGEST: usize = 60;
        let mut shown: String = text.chars().take(LONGEST).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        self.push(FindingKind::LeftOut, line, None, None, format!("\"{shown}\""));
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
        self.0.push(Finding {
            kind,
            line,
            message,
            field,
            typed,
        });
    }

    /// The findings by kind, then by line.
    pub(crate) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| (finding.kind, finding.line));
        self.0
    }
}
