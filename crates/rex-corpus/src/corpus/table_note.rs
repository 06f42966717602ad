//! Names the tables that lie among the cases, with the command that reads them.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::read::raw::has_extension;

/// A spreadsheet or CSV file in a corpus. It is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableNote {
    /// The file, below the corpus folder as it was given.
    pub path: PathBuf,
}

impl fmt::Display for TableNote {
    /// `corpus/cas.csv: a table is not read; run …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = import_command(&self.path, self.path.parent());
        write!(f, "{}: a table is not read; {command}", self.path.display())
    }
}

/// Whether a file is a table by its name. Files that an open spreadsheet locks are not.
pub(super) fn is_table(path: &Path) -> bool {
    let is_lock = path
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with("~$"));
    !is_lock && has_extension(path, &["csv", "tsv", "xlsx", "xlsm", "ods", "xls"])
}

/// What to run to have the cases of a table in a folder.
pub(super) fn import_command(table: &Path, folder: Option<&Path>) -> String {
    let folder = folder.map_or_else(|| "DIR".to_owned(), quoted);
    format!("run `rex import table {} --out {folder}`", quoted(table))
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '\\');
    if path.chars().all(is_plain) {
        path.into_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}
