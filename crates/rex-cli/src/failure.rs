//! How a command ends when it cannot do its work: one sentence, and an exit code that says whose fault it is.

use std::io;
use std::process::ExitCode;

use rex_corpus::CorpusError;
use rex_import::DecpError;
use rex_index::IndexError;
use rex_indexer::BuildError;

use crate::logging::fail_as_json;
use crate::terminal::{say, say_problems};

/// What the user gave cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UserError(pub(crate) String);

/// A problem with the user's input.
const USER: u8 = 1;
/// Our failure, or the machine's.
const OURS: u8 = 3;

/// Says what went wrong on standard error and gives the exit code.
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
    ExitCode::from(if is_user_input(error) { USER } else { OURS })
}

fn is_user_input(error: &anyhow::Error) -> bool {
    error.is::<UserError>()
        || matches!(error.downcast_ref(), Some(error) if !matches!(error, CorpusError::Io { .. }))
        || error.downcast_ref().is_some_and(DecpError::is_user_input)
        || error.downcast_ref().is_some_and(IndexError::is_user_input)
        || error.downcast_ref().is_some_and(BuildError::is_user_input)
}

/// `rex search | head` is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
