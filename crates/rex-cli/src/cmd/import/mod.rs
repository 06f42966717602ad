//! `rex import`: converts booklets, tables and open data into records.
//!
//! ```text
//! booklet   source reads the file (pdf, document extract text), rex_import finds the cases ─┐
//! table     rex_import finds the cases in the rows of a spreadsheet or CSV file ────────────┴─ each_file: write one file per case, report
//! decp      rex_import streams the files into one file of records
//! ```

mod booklet;
mod booklet_text;
mod case_file;
mod decp;
mod document;
mod each_file;
mod earlier;
mod pdf;
mod report;
mod source;
mod table;
mod write;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    from: ImportCommand,
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// Convert a booklet into one Markdown file per case, for review
    Booklet(booklet::BookletArgs),
    /// Convert a spreadsheet (CSV, XLSX, ODS) into one Markdown file per row, for review
    Table(table::TableArgs),
    /// Convert DECP files (JSON, XML, CSV or Parquet, also in .gz and .zip, of any size) into one file of records
    Decp(decp::DecpArgs),
}

/// Runs the importer for the given kind of source.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    match &args.from {
        ImportCommand::Booklet(args) => booklet::run(args),
        ImportCommand::Table(args) => table::run(args),
        ImportCommand::Decp(args) => decp::run(args),
    }
}
