//! How a command fails: one sentence on standard error, and an exit code that separates user errors from failures of Rex.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use rex_corpus::CorpusError;
use rex_import::DecpError;
use rex_index::IndexError;
use rex_indexer::BuildError;

use crate::logging::fail_as_json;
use crate::signal::STOPPED;
use crate::terminal::{say, say_problems};

/// An error in what the user supplied: arguments, configuration or input files.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UserError(pub(crate) String);

/// A signal stopped the command.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Stopped(pub(crate) String);

/// Exit code of an error in the user's input.
const USER: u8 = 1;
/// Exit code of a failure of Rex or of the machine.
const INTERNAL: u8 = 3;

/// Prints an error on standard error and returns the exit code.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    if is_closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    if let Some(BuildError::Problems(report)) = error.downcast_ref() {
        say_problems(report);
    }
    let sentence = format_args!("rex: {error}");
    if !fail_as_json(&sentence) {
        say(sentence);
    }
    ExitCode::from(match error {
        error if was_stopped(error) => STOPPED,
        error if is_user_input(error) => USER,
        _ => INTERNAL,
    })
}

fn was_stopped(error: &anyhow::Error) -> bool {
    error.is::<Stopped>()
        || matches!(error.downcast_ref(), Some(DecpError::Stopped))
        || matches!(error.downcast_ref(), Some(BuildError::Stopped))
}

/// Prints a panic on standard error, with its backtrace if `RUST_BACKTRACE` asks for one.
pub(crate) fn report_panic(panicked: &PanicHookInfo<'_>) {
    if rex_import::is_guarded() {
        return;
    }
    let cause = panicked.payload_as_str().unwrap_or("no cause given");
    match panicked.location() {
        Some(place) => say(format_args!("rex: a thread panicked at {place}: {cause}")),
        None => say(format_args!("rex: a thread panicked: {cause}")),
    }
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        backtrace.to_string().lines().for_each(say);
    }
}

fn is_user_input(error: &anyhow::Error) -> bool {
    error.is::<UserError>()
        || matches!(error.downcast_ref(), Some(error) if !matches!(error, CorpusError::Io { .. }))
        || error.downcast_ref().is_some_and(DecpError::is_user_input)
        || error.downcast_ref().is_some_and(IndexError::is_user_input)
        || error.downcast_ref().is_some_and(BuildError::is_user_input)
}

/// `rex search | head` closes the pipe early; this is not a failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
