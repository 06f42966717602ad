//! `rex`: finds the case. One file per subcommand in `cmd`; this one reads the command line and says how it ended.

mod cli;
mod cmd;
mod config;
mod eval;
mod failure;
mod follow;
mod gate;
mod index;
mod logging;
mod output;
mod progress;
mod report;
mod signal;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
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
        Some(Command::Completions(args)) => cmd::completions::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}
