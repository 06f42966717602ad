//! Errors of the command line, help and version.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Error;
use rex_terminal::{Output, is_escaped};

/// Prints the answer to a command line that runs no command: an error on standard error, help or version on standard output.
pub(crate) fn report(answer: &Error) -> ExitCode {
    // A write error is ignored: nothing else was asked for.
    if quotes_an_escaped_character() {
        let text = answer.render().to_string();
        let _ = if answer.use_stderr() {
            let mut out = Output::stderr();
            text.lines().try_for_each(|line| out.line(line))
        } else {
            let mut out = Output::stdout();
            text.lines().try_for_each(|line| out.line(line))
        };
    } else {
        let _ = answer.print();
    }
    ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(u8::MAX))
}

/// Whether an argument, or a variable that `--help` shows, holds a character that is escaped. The text is then printed without styles,
/// since those of clap cannot be told from such a value.
fn quotes_an_escaped_character() -> bool {
    let has = |value: OsString| value.to_string_lossy().contains(is_escaped);
    std::env::args_os().any(has)
        || std::env::vars_os().any(|(name, value)| name.to_string_lossy().starts_with("REX_") && has(value))
}
