//! The `rex` command.
//!
//! ```text
//! cli, args      the command line, declared; its doc comments are the help
//! config         rex.toml, flags and environment to settings
//! cmd            one file per subcommand; the files below are shared by several
//!   ensure_index   builds the index if the corpus has changed, opens an engine on it
//!   relevance_gate refuses an index that answers judged queries worse
//!   index_watcher, corpus_watcher   background tasks of rex serve
//!   eval           BEIR collections, measures and run files of rex eval
//!   report         aggregates the search log for rex report
//! table_file     spreadsheets and CSV files, for the configuration and rex import table
//! terminal, progress, logging   what is printed, and the event log; all of it goes through rex_terminal
//! failure, usage, signal        exit codes, errors of the command line, Ctrl-C and SIGTERM
//! ```

mod args;
mod cli;
mod cmd;
mod config;
mod corpus_watcher;
mod ensure_index;
mod eval;
mod failure;
mod index_watcher;
mod logging;
mod progress;
mod relevance_gate;
mod report;
mod signal;
mod table_file;
mod terminal;
mod usage;

use std::panic;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    panic::set_hook(Box::new(failure::report_panic));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => return usage::report(&answer),
    };
    let result = match cli.command {
        None => cmd::serve::run(&cli.serve),
        Some(Command::Serve(args)) => cmd::serve::run(&args),
        Some(Command::Index(args)) => cmd::index::run(&args),
        Some(Command::Search(args)) => cmd::search::run(&args),
        Some(Command::Explain(args)) => cmd::explain::run(&args),
        Some(Command::Import(args)) => cmd::import::run(&args),
        Some(Command::Check(args)) => cmd::check::run(&args),
        Some(Command::Eval(args)) => cmd::eval::run(&args),
        Some(Command::Generations(args)) => cmd::generations::run(&args),
        Some(Command::Rollback(args)) => cmd::rollback::run(&args),
        Some(Command::Verify(args)) => cmd::verify::run(&args),
        Some(Command::Report(args)) => cmd::report::run(&args),
        Some(Command::Completions(args)) => cmd::completions::run(&args, &Cli::command()),
        Some(Command::Extract(args)) => cmd::extract::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}
