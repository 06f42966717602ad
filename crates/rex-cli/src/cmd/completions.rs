use std::io::{self, Write};

use clap::{Args, Command};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell to complete for
    shell: Shell,
}

/// Prints the completion script of `command` for a shell.
#[allow(
    clippy::disallowed_methods,
    reason = "a script, which holds tabs and no value from outside"
)]
pub(crate) fn run(args: &CompletionsArgs, mut command: Command) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "rex", &mut script);
    io::stdout().write_all(&script)?;
    Ok(())
}
