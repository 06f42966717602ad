//! `rex import`: cases from what others publish, one file per kind of source.

mod booklet;
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
}

pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    match &args.from {
        ImportCommand::Booklet(args) => booklet::run(args),
    }
}
