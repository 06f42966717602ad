use std::path::PathBuf;

use clap::Args;
use rex_corpus::CpvLabels;
use rex_import::Booklet;

use super::booklet_text::BookletText;
use super::{report, source, write};
use crate::args::ConfigPathArg;
use crate::config::cpv_labels;
use crate::failure::UserError;

/// Reads the text of a booklet, finds its cases by the headings of their sections, and writes one Markdown file per case for a
/// person to review. It prints what it found, what is missing, what it corrected, what it doubts and what it left out, each with
/// its line.
///
/// A file that a person has edited since it was written is never replaced.
#[derive(Debug, Args)]
pub(crate) struct BookletArgs {
    /// The booklet: text in UTF-8 (.txt, .md), or a PDF that holds text
    file: PathBuf,
    /// Folder for the files of the cases, made where there is none
    #[arg(long, value_name = "DIR", default_value = "import")]
    out: PathBuf,
    /// Print the report, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Labels of CPV codes: the official list, CSV with the columns CODE and FR [default: that of rex.toml, or those shipped]
    #[arg(long, value_name = "FILE")]
    cpv: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigPathArg,
}

/// Everything is read before anything is written: a booklet that cannot be used leaves the files of an earlier import alone.
pub(crate) fn run(args: &BookletArgs) -> anyhow::Result<()> {
    let labels = match &args.cpv {
        Some(path) => CpvLabels::read(path).map_err(|error| UserError(error.to_string()))?,
        None => cpv_labels(&args.config)?,
    };
    let BookletText { text, doubts } = source::read(&args.file)?;
    let booklet = Booklet::read(&text, &labels).map_err(|error| {
        let doubts: String = doubts.iter().map(|doubt| format!("; {doubt}")).collect();
        UserError(format!("{}: {error}{doubts}", args.file.display()))
    })?;
    let mut out = anstream::stdout().lock();
    report::booklet(&mut out, &args.file, &booklet, &doubts)?;
    if args.dry_run {
        return Ok(());
    }
    let written = write::cases(&args.out, &booklet.cases)?;
    report::written(&mut out, &written)?;
    Ok(())
}
