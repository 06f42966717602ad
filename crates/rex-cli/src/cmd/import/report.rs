//! Output of the imports of cases.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::Style;
use rex_import::{Finding, FindingKind};
use rex_terminal::{Indent, Output, StyledText};

use super::case_file::CaseFile;
use super::write::FileOutcome;
use crate::terminal::WIDEST;

const TITLE: Style = Style::new().bold();

/// Writes the findings of a file, case by case.
pub(super) fn file(out: &mut Output<impl Write>, path: &Path, file: &CaseFile) -> io::Result<()> {
    let count = file.cases.len();
    let plural = if count == 1 { "" } else { "s" };
    out.line(format_args!("{count} case{plural} in {}", path.display()))?;
    for doubt in &file.doubts {
        wrapped(out, "doubtful: ", "  ", &StyledText::plain(doubt))?;
    }
    out.line("")?;
    out.styled(&StyledText::default().with(TITLE, file.title))?;
    findings(out, &file.findings)?;
    for (rank, case) in file.cases.iter().enumerate() {
        let number = format!("{}. ", rank + 1);
        out.line("")?;
        wrapped(
            out,
            &number,
            "   ",
            &StyledText::default().with(TITLE, &case.record.titre),
        )?;
        findings(out, &case.findings)?;
    }
    Ok(())
}

/// Writes findings grouped by kind, each with its place.
fn findings(out: &mut Output<impl Write>, findings: &[Finding]) -> io::Result<()> {
    for kind in FindingKind::ALL {
        let mut of_kind = findings.iter().filter(|finding| finding.kind == kind).peekable();
        if of_kind.peek().is_some() {
            out.line(format_args!("  {}", kind.label()))?;
        }
        for finding in of_kind {
            let line = format!("    {:<9} ", finding.place());
            wrapped(out, &line, &" ".repeat(14), &StyledText::plain(&finding.message))?;
        }
    }
    Ok(())
}

/// Writes the outcome of each file.
pub(super) fn written(out: &mut Output<impl Write>, files: &[(PathBuf, FileOutcome)]) -> io::Result<()> {
    out.line("")?;
    for (path, outcome) in files {
        let what = match outcome {
            FileOutcome::Written => "written",
            FileOutcome::Unchanged => "unchanged",
            FileOutcome::Replaced => "replaced, nobody had changed it",
            FileOutcome::Kept => "kept, a person has changed it; remove it or choose another --out to import it again",
        };
        // Paths are not wrapped, so that they can be copied.
        out.line(format_args!("{}: {what}", path.display()))?;
    }
    Ok(())
}

/// Says which files of earlier imports have no row any more.
pub(super) fn without_row(out: &mut Output<impl Write>, files: &[&Path]) -> io::Result<()> {
    const SHOWN: usize = 5;
    let Some(first) = files.first() else { return Ok(()) };
    let names = files
        .iter()
        .take(SHOWN)
        .map(|file| file.file_name().unwrap_or_default().to_string_lossy());
    let names = names.collect::<Vec<_>>().join(", ");
    let more = match files.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let folder = first.parent().unwrap_or(first).display();
    let (what, it) = match files.len() {
        1 => ("1 file of an earlier table has".to_owned(), "it"),
        count => (format!("{count} files of earlier tables have"), "them"),
    };
    let message = format!(
        "{folder}: {what} no row in this import, left as it was: {names}{more}; remove {it} if the case is gone"
    );
    wrapped(out, "", "  ", &StyledText::plain(&message))
}

fn wrapped(out: &mut Output<impl Write>, first: &str, next: &str, text: &StyledText) -> io::Result<()> {
    let width = textwrap::termwidth().clamp(40, WIDEST);
    out.wrapped(text, width, Indent { first, next })
}
