//! Imports files of cases: reads each, prints its report, writes a file for each case.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rex_terminal::Output;

use super::case_file::CaseFile;
use super::report;
use super::write::CaseWriter;
use crate::failure::{Stopped, UserError};
use crate::signal::stop_flag;
use crate::terminal::say;

/// Imports the files one after the other. One that cannot be used is one sentence, and the others are imported all the same.
pub(super) fn import(
    files: &[PathBuf],
    out: &Path,
    dry_run: bool,
    read: impl Fn(&Path) -> anyhow::Result<CaseFile>,
) -> anyhow::Result<()> {
    let mut refused = Vec::new();
    let ended = import_each(files, (!dry_run).then_some(out), read, &mut refused);
    // The last sentence is that of the command.
    let Some(last) = ended.err().or_else(|| refused.pop()) else {
        return Ok(());
    };
    for error in refused {
        say(format_args!("rex: {error}"));
    }
    Err(last)
}

/// Imports each file to a folder, or only prints its report. Files that cannot be used go to `refused`; any other error ends the
/// import.
fn import_each(
    files: &[PathBuf],
    folder: Option<&Path>,
    read: impl Fn(&Path) -> anyhow::Result<CaseFile>,
    refused: &mut Vec<anyhow::Error>,
) -> anyhow::Result<()> {
    let mut out = Output::stdout();
    let mut writer = folder.map(CaseWriter::new);
    // From the first file written on, a signal waits until those of its cases are; a second one does not.
    let mut stop: Option<Arc<AtomicBool>> = None;
    for (rank, file) in files.iter().enumerate() {
        if stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return Err(Stopped(format!("stopped before {}", file.display())).into());
        }
        let found = match read(file) {
            Ok(found) => found,
            Err(error) if error.is::<UserError>() => {
                refused.push(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        if rank > refused.len() {
            out.line("")?;
        }
        report::file(&mut out, file, &found)?;
        if let Some(writer) = &mut writer {
            if stop.is_none() {
                stop = Some(stop_flag()?);
            }
            let written = writer.cases(&found.cases)?;
            report::written(&mut out, &written)?;
        }
    }
    if let Some(writer) = &writer {
        report::without_row(&mut out, &writer.without_row())?;
    }
    Ok(())
}
