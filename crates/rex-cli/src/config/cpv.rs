//! The labels of CPV codes, from a list in any format in which one is published.

use std::path::Path;

use rex_corpus::{CpvLabels, CpvLabelsError};
use rex_import::{cpv_labels, cpv_labels_of_xml};

use crate::failure::UserError;
use crate::table_file::{TableFile, xml_start};

/// The labels of a list, or those shipped.
pub(super) fn labels(list: Option<&Path>) -> Result<CpvLabels, UserError> {
    list.map_or_else(|| Ok(CpvLabels::shipped()), read)
}

/// Reads a list: CSV, XLSX, ODS, or the XML of the official publication.
fn read(path: &Path) -> Result<CpvLabels, UserError> {
    let file = TableFile::open(path).map_err(|source| {
        let path = path.to_owned();
        UserError(CpvLabelsError::Io { path, source }.to_string())
    })?;
    let labels = if xml_start(&file.bytes) {
        cpv_labels_of_xml(&file.bytes)
    } else {
        let unreadable = |problem| UserError(format!("the CPV labels {} {problem}", path.display()));
        cpv_labels(&file.sheets().map_err(unreadable)?)
    };
    labels.map_err(|(line, message)| {
        let path = path.to_owned();
        UserError(CpvLabelsError::Malformed { path, line, message }.to_string())
    })
}
