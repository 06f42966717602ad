use std::path::PathBuf;

use clap::Args;
use rex_corpus::CpvLabels;
use rex_import::Booklet;
use rex_terminal::Output;

use super::booklet_text::BookletText;
use super::{report, source, write};
use crate::args::ConfigPathArg;
use crate::config::cpv_labels;
use crate::failure::UserError;
use crate::signal::stop_flag;

/// Finds the cases of a booklet by the headings of their sections and writes one Markdown file per case, for review. Prints what
/// was found, missing, corrected, doubtful and left out, each with its line.
///
/// Never replaces a file that was edited since it was written.
#[derive(Debug, Args)]
pub(crate) struct BookletArgs {
    /// The booklet: UTF-8 text (.txt, .md), or a PDF with text
    file: PathBuf,
    /// Folder for the case files; created if missing
    #[arg(long, value_name = "DIR", default_value = "import")]
    out: PathBuf,
    /// Print the report without writing files
    #[arg(long)]
    dry_run: bool,
    /// CPV labels: the official list, a CSV with the columns CODE and FR [default: the list of rex.toml, or the shipped labels]
    #[arg(long, value_name = "FILE")]
    cpv: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigPathArg,
}

/// Reads everything before it writes, so that an invalid booklet leaves the files of an earlier import unchanged.
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
    let mut out = Output::stdout();
    report::booklet(&mut out, &args.file, &booklet, &doubts)?;
    if args.dry_run {
        return Ok(());
    }
    // A signal waits until every file is written; a second one does not.
    let _stop = stop_flag()?;
    let written = write::cases(&args.out, &booklet.cases)?;
    report::written(&mut out, &written)?;
    Ok(())
}
