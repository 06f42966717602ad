//! What every command that reads the index does first: bring it up to date.

use rex_corpus::Corpus;
use rex_index::{Generation, IndexDir};
use rex_indexer::{AfterRollback, BuildError, BuildOptions, BuildOutcome, build};
use rex_search::Engine;
use tantivy::directory::Directory;

use crate::config::Settings;
use crate::progress::Progress;
use crate::relevance_gate::{RelevanceGate, search_failed};
use crate::terminal::{say, say_problems};

/// Builds the index if the corpus has changed, with a progress bar on a terminal.
pub(crate) fn bring_up_to_date(settings: &Settings, after_rollback: AfterRollback) -> Result<BuildOutcome, BuildError> {
    let corpus = Corpus::open_with(&settings.corpus, &settings.sources)?;
    let folder = IndexDir::at(&settings.index);
    let damage = folder.current().err();
    let gate = RelevanceGate::of(&settings.corpus)?;
    let judge = gate.as_ref().map(|gate| {
        |directory: Box<dyn Directory>| {
            let engine = Engine::open_with(directory, "being built", reading(settings));
            gate.pass(&engine.map_err(|error| search_failed(&error))?)
        }
    });
    let bar = Progress::of_bytes("indexing", "cases");
    let options = BuildOptions {
        keep: settings.keep,
        memory: settings.memory,
        after_rollback,
        gate: judge.as_ref().map(|judge| judge as &rex_indexer::Gate<'_>),
        notice: &|sentence| say(format_args!("rex: {sentence}")),
    };
    let outcome = build(&folder, &corpus, &settings.cpv, &options, |progress| {
        bar.show(progress.records, progress.bytes, progress.total_bytes);
    });
    bar.finish();
    if let (Ok(BuildOutcome::Built(_) | BuildOutcome::Restored(_)), Some(damage)) = (&outcome, damage) {
        say(format_args!("rex: {damage}, which is now done"));
    }
    outcome
}

/// The generation of the corpus as it is or, where it cannot be built, the last good one. A corpus that is not where it was said
/// to be is an error: who asks is there to correct it.
///
/// What was gone back from by `rex rollback` is not built again.
pub(crate) fn generation_to_read(settings: &Settings) -> Result<Generation, BuildError> {
    let (generation, _) = generation_unless(settings, |error| matches!(error, BuildError::Corpus(_)))?;
    Ok(generation)
}

/// The same for a server: whatever is wrong with the corpus, the disk or the rights to them, what can be served is. With it comes what
/// the pointer named meanwhile, which is another generation where that one cannot be used.
pub(crate) fn generation_to_serve(settings: &Settings) -> Result<(Generation, Option<String>), BuildError> {
    generation_unless(settings, |_| false)
}

fn generation_unless(
    settings: &Settings,
    is_final: fn(&BuildError) -> bool,
) -> Result<(Generation, Option<String>), BuildError> {
    let error = match bring_up_to_date(settings, AfterRollback::Leave) {
        Ok(outcome) => {
            if let BuildOutcome::RolledBack(generation) = &outcome {
                say(format_args!(
                    "rex: {} is current by `rex rollback`; run `rex index` to build the corpus as it is",
                    generation.name
                ));
            }
            let generation = outcome.generation();
            let pointed = Some(generation.name.clone());
            return Ok((generation, pointed));
        }
        Err(error) if is_final(&error) => return Err(error),
        Err(error) => error,
    };
    let folder = IndexDir::at(&settings.index);
    let pointed = folder.current_name();
    let (usable, passed_over) = folder.usable();
    let Some(generation) = usable else {
        return Err(error);
    };
    if let BuildError::Problems(report) = &error {
        say_problems(report);
    }
    for sentence in passed_over {
        say(format_args!("rex: {sentence}"));
    }
    say(format_args!(
        "rex: {error}; using the last good generation, {}",
        generation.name
    ));
    Ok((generation, pointed))
}

/// The engine of a generation, with the publisher's own synonyms.
pub(crate) fn open_engine(settings: &Settings, generation: Generation) -> anyhow::Result<Engine> {
    let engine = Engine::open_with(generation.directory()?, generation.name, reading(settings))?;
    Ok(engine.with_labels(settings.cpv.clone()))
}

/// How what is typed is read.
fn reading(settings: &Settings) -> rex_search::Settings {
    rex_search::Settings::default().with_lexicon(settings.lexicon.clone())
}
