//! `rex import`: records from what others publish, one file per kind of source.

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
    /// Make one Markdown file per case of a booklet, to be reviewed
    Booklet(booklet::BookletArgs),
    /// Make one file of records of official DECP files in JSON, of 2019 or of 2022 and of any size
    Decp(decp::DecpArgs),
}

/// Imports what is named.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    match &args.from {
        ImportCommand::Booklet(args) => booklet::run(args),
        ImportCommand::Decp(args) => decp::run(args),
    }
}
