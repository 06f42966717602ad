use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use rex_corpus::CpvLabels;
use rex_import::Booklet;
use rex_terminal::Output;

use super::booklet_text::BookletText;
use super::write::CaseWriter;
use super::{report, source};
use crate::args::ConfigPathArg;
use crate::config::cpv_labels;
use crate::failure::{Stopped, UserError};
use crate::signal::stop_flag;
use crate::terminal::say;

/// Finds the cases of booklets by the headings of their sections and writes one Markdown file per case, for review. Prints what
/// was found, missing, corrected, doubtful and left out, each with its line.
///
/// Never replaces a file that was edited since it was written.
#[derive(Debug, Args)]
pub(crate) struct BookletArgs {
    /// Booklets: UTF-8 text (.txt, .md), or a PDF with text
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Folder for the case files; created if missing
    #[arg(long, value_name = "DIR", default_value = "import")]
    out: PathBuf,
    /// Print the report without writing files
    #[arg(long)]
    dry_run: bool,
    /// CPV labels: the official list as CSV, XLSX, ODS or XML [default: the list of rex.toml, or the shipped labels]
    #[arg(long, value_name = "FILE")]
    cpv: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigPathArg,
}

/// Imports the booklets one after the other. One that cannot be used is one sentence, and the others are imported all the same.
pub(crate) fn run(args: &BookletArgs) -> anyhow::Result<()> {
    let labels = cpv_labels(args.cpv.as_deref(), &args.config)?;
    let mut refused = Vec::new();
    let ended = import(args, &labels, &mut refused);
    // The last sentence is that of the command.
    let Some(last) = ended.err().or_else(|| refused.pop()) else {
        return Ok(());
    };
    for error in refused {
        say(format_args!("rex: {error}"));
    }
    Err(last)
}

/// Imports each file. Booklets that cannot be used go to `refused`; any other error ends the import.
fn import(args: &BookletArgs, labels: &CpvLabels, refused: &mut Vec<anyhow::Error>) -> anyhow::Result<()> {
    let mut out = Output::stdout();
    let mut writer = CaseWriter::new(&args.out);
    // From the first file written on, a signal waits until those of its booklet are; a second one does not.
    let mut stop: Option<Arc<AtomicBool>> = None;
    for (rank, file) in args.files.iter().enumerate() {
        if stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return Err(Stopped(format!("stopped before {}", file.display())).into());
        }
        let (booklet, doubts) = match read(file, labels) {
            Ok(read) => read,
            Err(error) if error.is::<UserError>() => {
                refused.push(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        if rank > refused.len() {
            out.line("")?;
        }
        report::booklet(&mut out, file, &booklet, &doubts)?;
        if !args.dry_run {
            if stop.is_none() {
                stop = Some(stop_flag()?);
            }
            let written = writer.cases(&booklet.cases)?;
            report::written(&mut out, &written)?;
        }
    }
    Ok(())
}

/// Reads a whole booklet before anything is written, so that an invalid one leaves the files of an earlier import unchanged.
fn read(file: &Path, labels: &CpvLabels) -> anyhow::Result<(Booklet, Vec<String>)> {
    let BookletText { text, doubts } = source::read(file)?;
    let booklet = Booklet::read(&text, labels).map_err(|error| {
        let doubts: String = doubts.iter().map(|doubt| format!("; {doubt}")).collect();
        UserError(format!("{}: {error}{doubts}", file.display()))
    })?;
    Ok((booklet, doubts))
}
