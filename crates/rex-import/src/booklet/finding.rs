/// Something the import of a booklet has to say to whoever reviews it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// The line of the booklet, from 1.
    pub line: usize,
    /// One sentence or a field and its value, in English; what it quotes is in French.
    pub message: String,
    /// The field of the record it is about.
    pub(super) field: Option<&'static str>,
    /// What the booklet has, where a reviewer should compare.
    pub(super) typed: Option<String>,
}

/// The kinds of findings, in the order of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingKind {
    /// A field that was read.
    Found,
    /// A field or a section the booklet does not give.
    Missing,
    /// What the booklet has was wrong, and is put right.
    Corrected,
    /// What a person has to check.
    Doubtful,
    /// Lines that are no part of the case.
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

    /// What a report calls it.
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

/// What is said of one case, as it is gathered.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    pub(super) fn found(&mut self, line: usize, field: &'static str, value: &str) {
        self.push(FindingKind::Found, line, Some(field), None, format!("{field}: {value}"));
    }

    pub(super) fn missing(&mut self, line: usize, field: &'static str) {
        self.push(FindingKind::Missing, line, Some(field), None, field.to_owned());
    }

    pub(super) fn corrected(&mut self, line: usize, field: &'static str, typed: &str, message: String) {
        self.push(
            FindingKind::Corrected,
            line,
            Some(field),
            Some(typed.to_owned()),
            message,
        );
    }

    pub(super) fn doubtful(&mut self, line: usize, field: &'static str, typed: &str, message: String) {
        self.push(
            FindingKind::Doubtful,
            line,
            Some(field),
            Some(typed.to_owned()),
            message,
        );
    }

    pub(super) fn left_out(&mut self, line: usize, text: &str) {
        const LONGEST: usize = 60;
        let mut shown: String = text.chars().take(LONGEST).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        self.push(FindingKind::LeftOut, line, None, None, format!("\"{shown}\""));
    }

    pub(super) fn left_out_lines(&mut self, line: usize, message: String) {
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

    /// In the order of a report: by kind, then by line.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| (finding.kind, finding.line));
        self.0
    }
}
