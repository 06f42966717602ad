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
pub(crate) fn run(args: &CompletionsArgs, command: &Command) -> anyhow::Result<()> {
    // clap_complete offers hidden subcommands too.
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    let mut command = Command::new("rex")
        .version(env!("CARGO_PKG_VERSION"))
        .args(command.get_arguments())
        .subcommands(shown.cloned());
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "rex", &mut script);
    io::stdout().write_all(&script)?;
    Ok(())
}
