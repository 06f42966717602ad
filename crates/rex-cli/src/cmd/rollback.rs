use clap::Args;
use rex_index::IndexDir;
use rex_terminal::Output;

use crate::args::{CorpusPathArgs, IndexPathArg};
use crate::config::Settings;
use crate::terminal::say;

#[derive(Debug, Args)]
pub(crate) struct RollbackArgs {
    /// Name of the generation, see `rex generations` [default: the newest good one before the current one]
    generation: Option<String>,
    #[command(flatten)]
    places: CorpusPathArgs,
    #[command(flatten)]
    index: IndexPathArg,
}

/// Makes an older generation current.
pub(crate) fn run(args: &RollbackArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, Some(&args.index), None)?;
    let folder = IndexDir::at(&settings.index);
    let notice = |sentence: &str| say(format_args!("rex: {sentence}"));
    let generation = rex_indexer::rollback(&folder, args.generation.as_deref(), &notice)?;
    Output::stdout().line(format_args!("{} is current", generation.name))?;
    Ok(())
}
