//! `rex import`: converts booklets and open data into records.
//!
//! ```text
//! booklet   source reads the file (pdf extracts text), rex_import finds the cases, write writes one file per case, report prints
//! decp      rex_import streams the files into one file of records
//! ```

mod booklet;
mod booklet_text;
mod decp;
mod pdf;
mod report;
mod source;
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
    /// Convert DECP files (JSON, format of 2019 or 2022, any size) into one file of records
    Decp(decp::DecpArgs),
}

/// Runs the importer for the given kind of source.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    match &args.from {
        ImportCommand::Booklet(args) => booklet::run(args),
        ImportCommand::Decp(args) => decp::run(args),
    }
}
