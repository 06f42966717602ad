use std::path::{Path, PathBuf};

use clap::Args;
use rex_corpus::CpvLabels;
use rex_import::{Table, TableError, TableMap};

use super::case_file::CaseFile;
use super::each_file;
use crate::args::ConfigPathArg;
use crate::config::{cpv_labels, table_map};
use crate::failure::UserError;
use crate::table_file::TableFile;

/// Reads a case from each row of a table and writes one Markdown file per case, for review. Prints what was found, missing, corrected,
/// doubtful and left out, each with its cell.
///
/// The columns are recognised by their headers, such as Titre, Acheteur, Titulaire, Montant HT, Durée, Commune, Thèmes, Présentation.
/// Never replaces a file that was edited since it was written.
#[derive(Debug, Args)]
pub(crate) struct TableArgs {
    /// Tables: CSV, XLSX or ODS, one row a case
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Folder for the case files; created if missing
    #[arg(long, value_name = "DIR", default_value = "import")]
    out: PathBuf,
    /// What a column fills, such as "Objet du marché=titre", "Bilan=section", "Contact=ignorer" [also: [import.table] of rex.toml]
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Sheet to read [default: the first visible one with a column of titles]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Print the report without writing files
    #[arg(long)]
    dry_run: bool,
    /// CPV labels: the official list as CSV, XLSX, ODS or XML [default: the list of rex.toml, or the shipped labels]
    #[arg(long, value_name = "FILE")]
    cpv: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigPathArg,
}

/// Imports the tables one after the other. One that cannot be used is one sentence, and the others are imported all the same.
pub(crate) fn run(args: &TableArgs) -> anyhow::Result<()> {
    let labels = cpv_labels(args.cpv.as_deref(), &args.config)?;
    let mut map = table_map(&args.config)?;
    for mapping in &args.map {
        map.require(mapping)
            .map_err(|reason| UserError(format!("--map: {reason}")))?;
    }
    each_file::import(&args.files, &args.out, args.dry_run, |file| {
        read(file, args.sheet.as_deref(), &map, &labels)
    })
}

/// Reads a whole table before anything is written.
fn read(path: &Path, sheet: Option<&str>, map: &TableMap, labels: &CpvLabels) -> anyhow::Result<CaseFile> {
    let shown = path.display();
    let file = TableFile::open(path).map_err(|error| UserError(format!("cannot read the table {shown}: {error}")))?;
    let sheets = file
        .sheets()
        .map_err(|problem| UserError(format!("{shown} {problem}")))?;
    let table = Table::read(&sheets, sheet, map, labels).map_err(|error| {
        let command = match error {
            TableError::Decp(_) => format!(": rex import decp {shown} --out marches.jsonl"),
            _ => String::new(),
        };
        UserError(format!("{shown} {error}{command}"))
    })?;
    Ok(CaseFile {
        title: "The table",
        cases: table.cases,
        findings: table.findings,
        doubts: Vec::new(),
    })
}
