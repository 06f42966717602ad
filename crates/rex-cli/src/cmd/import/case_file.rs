use rex_import::{Finding, ImportedCase};

/// What was read from a file.
#[derive(Debug)]
pub(super) struct CaseFile {
    /// What the file is, above the findings about it.
    pub(super) title: &'static str,
    pub(super) cases: Vec<ImportedCase>,
    /// About the file as a whole.
    pub(super) findings: Vec<Finding>,
    /// About the text as a whole, a clause each.
    pub(super) doubts: Vec<String>,
}
