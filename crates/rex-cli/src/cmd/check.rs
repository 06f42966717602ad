use std::convert::Infallible;

use clap::Args;
use rex_corpus::{Corpus, Report};
use rex_terminal::Output;

use crate::args::CorpusPathArgs;
use crate::config::Settings;
use crate::failure::UserError;
use crate::terminal;

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    places: CorpusPathArgs,
}

/// Maximum number of lines about hidden content; the rest is counted.
const MAX_HIDDEN: usize = 1_000;

/// Maximum number of lines about tables.
const MAX_TABLES: usize = 100;

/// Reads the whole corpus and prints its errors, the content that pages hide, the tables beside the cases, and notes on what was read
/// otherwise than it is written. Only the first are errors.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let settings = Settings::resolve(&args.places, None, None)?;
    let corpus = Corpus::open_with(&settings.corpus, &settings.sources)?;
    let mut hidden = Report::default();
    let report = corpus.read_with(|_, raw| {
        for found in raw.hidden() {
            if hidden.problems.len() < MAX_HIDDEN {
                hidden.problems.push(found);
            } else {
                hidden.omitted += 1;
            }
        }
        Ok::<_, Infallible>(())
    })?;
    let mut out = Output::stdout();
    for table in corpus.tables().iter().take(MAX_TABLES) {
        out.line(table)?;
    }
    terminal::problems(&mut out, &hidden)?;
    terminal::notes(&mut out, &report)?;
    terminal::problems(&mut out, &report)?;
    let cases = count(report.records, "good case");
    let notes = match report.note_count() {
        0 => String::new(),
        notes => format!(", {}", count(notes, "note")),
    };
    match report.problem_count() {
        0 => {
            terminal::say(format_args!("{cases}, no problem{notes}"));
            Ok(())
        }
        problems => Err(UserError(format!("{}, {cases}{notes}", count(problems, "problem"))).into()),
    }
}

fn count(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
