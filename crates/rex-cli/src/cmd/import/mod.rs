//! `rex import`: from what publishers have to records.

mod decp;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum Source {
    /// Official DECP files in JSON, of 2019 or of 2022 and of any size, to one file of records
    Decp(decp::DecpArgs),
}

/// Imports what is named.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    match &args.source {
        Source::Decp(args) => decp::run(args),
    }
}
