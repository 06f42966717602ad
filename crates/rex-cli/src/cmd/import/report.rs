//! Output of the booklet import.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::Style;
use rex_import::{Booklet, Finding, FindingKind};

use super::write::FileOutcome;
use crate::terminal::WIDEST;

const TITLE: Style = Style::new().bold();

/// Writes the findings of a booklet, case by case.
pub(super) fn booklet(out: &mut impl Write, file: &Path, booklet: &Booklet, doubts: &[String]) -> io::Result<()> {
    let count = booklet.cases.len();
    let plural = if count == 1 { "" } else { "s" };
    writeln!(out, "{count} case{plural} in {}", file.display())?;
    for doubt in doubts {
        writeln!(out, "{}", wrapped("doubtful: ", "  ", doubt))?;
    }
    writeln!(out, "\n{TITLE}The booklet{TITLE:#}")?;
    findings(out, &booklet.findings)?;
    for (rank, case) in booklet.cases.iter().enumerate() {
        let number = format!("{}. ", rank + 1);
        writeln!(out)?;
        let title = wrapped(&number, "   ", &case.record.titre);
        for line in title.lines() {
            writeln!(out, "{TITLE}{line}{TITLE:#}")?;
        }
        findings(out, &case.findings)?;
    }
    Ok(())
}

/// Writes findings grouped by kind, each with its line.
fn findings(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    for kind in FindingKind::ALL {
        let mut of_kind = findings.iter().filter(|finding| finding.kind == kind).peekable();
        if of_kind.peek().is_some() {
            writeln!(out, "  {}", kind.label())?;
        }
        for finding in of_kind {
            let line = format!("    {:<10}", format!("line {}", finding.line));
            writeln!(out, "{}", wrapped(&line, &" ".repeat(14), &finding.message))?;
        }
    }
    Ok(())
}

/// Writes the outcome of each file.
pub(super) fn written(out: &mut impl Write, files: &[(PathBuf, FileOutcome)]) -> io::Result<()> {
    writeln!(out)?;
    for (path, outcome) in files {
        let what = match outcome {
            FileOutcome::Written => "written",
            FileOutcome::Unchanged => "unchanged",
            FileOutcome::Replaced => "replaced, nobody had changed it",
            FileOutcome::Kept => "kept, a person has changed it; remove it or choose another --out to import it again",
        };
        // Paths are not wrapped, so that they can be copied.
        writeln!(out, "{}: {what}", path.display())?;
    }
    Ok(())
}

fn wrapped(first: &str, next: &str, text: &str) -> String {
    let width = textwrap::termwidth().clamp(40, WIDEST);
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(next)
        .break_words(true);
    textwrap::fill(text, options)
}
