use clap::Args;
use rex_index::IndexDir;
use rex_terminal::Output;

use crate::args::{CorpusPathArgs, IndexPathArg};
use crate::config::Settings;
use crate::failure::UserError;

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    places: CorpusPathArgs,
    #[command(flatten)]
    index: IndexPathArg,
}

/// Checks every digest of every generation.
pub(crate) fn run(args: &VerifyArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, Some(&args.index), None)?;
    let verified = IndexDir::at(&settings.index).verify();
    let mut out = Output::stdout();
    for generation in &verified {
        let name = &generation.name;
        match &generation.files {
            Ok(files) => out.line(format_args!("{name} intact, {files} files"))?,
            Err(damage) => out.line(format_args!("{name} damaged: {damage}"))?,
        }
    }
    match verified.iter().filter(|generation| generation.files.is_err()).count() {
        0 => Ok(()),
        damaged => Err(UserError(format!(
            "{damaged} of {} damaged; run `rex index` to build the index again, or restore the folder from a backup",
            count(verified.len())
        ))
        .into()),
    }
}

fn count(generations: usize) -> String {
    match generations {
        1 => "1 generation is".to_owned(),
        generations => format!("{generations} generations are"),
    }
}
