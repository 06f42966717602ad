use std::path::{Path, PathBuf};

use clap::Args;
use rex_corpus::CpvLabels;
use rex_import::Booklet;

use super::booklet_text::BookletText;
use super::case_file::CaseFile;
use super::each_file;
use super::source;
use crate::args::ConfigPathArg;
use crate::config::cpv_labels;
use crate::failure::UserError;

/// Finds the cases of booklets by the headings of their sections or by their facts, and writes one Markdown file per case, for review. Prints what
/// was found, missing, corrected, doubtful and left out, each with its line.
///
/// Never replaces a file that was edited since it was written.
#[derive(Debug, Args)]
pub(crate) struct BookletArgs {
    /// Booklets: text (.txt, .md), or a PDF, DOCX, ODT or HTML document with text
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
    each_file::import(&args.files, &args.out, args.dry_run, |file| read(file, &labels))
}

/// Reads a whole booklet before anything is written, so that an invalid one leaves the files of an earlier import unchanged.
fn read(file: &Path, labels: &CpvLabels) -> anyhow::Result<CaseFile> {
    let BookletText { text, doubts } = source::read(file)?;
    let booklet = Booklet::read(&text, labels).map_err(|error| {
        let doubts: String = doubts.iter().map(|doubt| format!("; {doubt}")).collect();
        UserError(format!("{}: {error}{doubts}", file.display()))
    })?;
    Ok(CaseFile {
        title: "The booklet",
        cases: booklet.cases,
        findings: booklet.findings,
        doubts,
    })
}
