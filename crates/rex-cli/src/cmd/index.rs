use clap::Args;
use rex_indexer::{AfterRollback, BuildOutcome};
use rex_terminal::Output;

use crate::args::{CorpusPathArgs, IndexPathArg};
use crate::config::Settings;
use crate::ensure_index::bring_up_to_date;
use crate::signal::stop_flag;

#[derive(Debug, Args)]
pub(crate) struct IndexArgs {
    #[command(flatten)]
    places: CorpusPathArgs,
    #[command(flatten)]
    index: IndexPathArg,
}

/// Brings the index up to date and prints the name of the current generation.
pub(crate) fn run(args: &IndexArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, Some(&args.index), None)?;
    let outcome = bring_up_to_date(&settings, AfterRollback::Build, &*stop_flag()?)?;
    let mut reused = String::new();
    let done = match outcome {
        BuildOutcome::UpToDate(_) | BuildOutcome::RolledBack(_) => "up to date",
        BuildOutcome::Restored(_) => "current again",
        BuildOutcome::Built(_) => "built",
        BuildOutcome::Updated { anew, kept, .. } => {
            reused = format!(" ({anew} read anew, {kept} kept)");
            "built"
        }
    };
    let generation = outcome.generation();
    let (name, cases) = (&generation.name, generation.manifest.records);
    Output::stdout().line(format_args!("{name} {done}, {cases} cases{reused}"))?;
    Ok(())
}
