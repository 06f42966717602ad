use std::convert::Infallible;

use clap::Args;
use rex_corpus::Corpus;

use crate::cli::Places;
use crate::config::Settings;
use crate::failure::UserError;
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    places: Places,
}

/// Reads the whole corpus and says what is wrong with it.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, None, None)?;
    let report = Corpus::open_with(&settings.corpus, &settings.sources)?.read(|_, _| Ok::<_, Infallible>(()))?;
    output::problems(&mut anstream::stdout().lock(), &report)?;
    let cases = count(report.records, "good case");
    match report.problem_count() {
        0 => {
            output::say(format_args!("{cases}, no problem"));
            Ok(())
        }
        problems => Err(UserError(format!("{}, {cases}", count(problems, "problem"))).into()),
    }
}

fn count(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
