use super::finding::{Finding, FindingKind};
use super::render;
use rex_corpus::Record;

/// One case of a booklet or of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCase {
    /// The record. Its id is the stem of its file, made from the title.
    pub record: Record,
    /// The line of its title, or its row in the sheet, from 1.
    pub line: usize,
    /// The findings of the import, by kind and line.
    pub findings: Vec<Finding>,
}

impl ImportedCase {
    /// The file of the case: front matter, then its sections.
    pub fn to_markdown(&self) -> String {
        render::markdown(&self.record, &self.findings)
    }

    /// The findings of a kind, by line.
    pub fn of_kind(&self, kind: FindingKind) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.kind == kind)
    }
}
