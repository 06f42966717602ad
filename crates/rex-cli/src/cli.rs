//! The command line. Doc comments are the help texts.

use clap::{Parser, Subcommand};

use crate::cmd::{
    check, completions, eval, explain, extract, generations, import, index, report, rollback, search, serve, verify,
};

/// Search engine for case studies of French public procurement.
///
/// Without a command, rex indexes the corpus if it has changed, then serves it.
#[derive(Debug, Parser)]
#[command(name = "rex", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: serve::ServeArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the pages and the API, indexing the corpus first if it has changed
    Serve(serve::ServeArgs),
    /// Index the corpus; does nothing when it has not changed
    Index(index::IndexArgs),
    /// Convert booklets and open data into records
    Import(import::ImportArgs),
    /// Search from the terminal
    Search(search::SearchArgs),
    /// Explain the score of a case: which words of a query match, where and by which rule
    Explain(explain::ExplainArgs),
    /// List all errors of the corpus, and content that pages will not show, as file:line: message
    Check(check::CheckArgs),
    /// Measure relevance on judged queries in BEIR format
    Eval(eval::EvalArgs),
    /// List the generations of the index, newest first
    Generations(generations::GenerationsArgs),
    /// Make an older generation of the index current
    Rollback(rollback::RollbackArgs),
    /// Check every file of every generation against its digest
    Verify(verify::VerifyArgs),
    /// Summarise the search log: what visitors searched for and did not find
    Report(report::ReportArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// The child process of rex import: reads an untrusted file on standard input within limits
    #[command(hide = true)]
    Extract(extract::ExtractArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
