//! Brings the index up to date and opens an engine on it, for every command that reads the index.

use std::sync::atomic::{AtomicBool, Ordering};

use rex_corpus::Corpus;
use rex_index::{Generation, IndexDir};
use rex_indexer::{AfterRollback, BuildError, BuildOptions, BuildOutcome, build};
use rex_search::{Engine, RankingRule};
use tantivy::directory::Directory;

use crate::config::Settings;
use crate::progress::Progress;
use crate::relevance_gate::{RelevanceGate, search_failed};
use crate::signal::stop_flag;
use crate::terminal::{say, say_problems};

/// Builds the index if the corpus has changed, with a progress bar on a terminal.
///
/// # Errors
/// Those of [`build`]; [`BuildError::Stopped`] once `stop` is set.
pub(crate) fn bring_up_to_date(
    settings: &Settings,
    after_rollback: AfterRollback,
    stop: &AtomicBool,
) -> Result<BuildOutcome, BuildError> {
    let corpus = Corpus::open_with(&settings.corpus, &settings.sources)?;
    let folder = IndexDir::at(&settings.index);
    let damage = folder.current().err();
    let gate = RelevanceGate::of(&settings.corpus)?;
    let judge = gate.as_ref().map(|gate| {
        |directory: Box<dyn Directory>| {
            let engine = Engine::open_with(directory, "being built", search_settings(settings));
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
        stop: Some(stop),
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

/// The generation of the present corpus or, if it cannot be built, the last good one. A missing corpus is an error, as the user of
/// the command can correct it.
///
/// A corpus that was left by `rex rollback` is not built again.
pub(crate) fn generation_to_read(settings: &Settings) -> anyhow::Result<Generation> {
    let stop = stop_flag()?;
    let chosen = generation_or_last_good(settings, |error| matches!(error, BuildError::Corpus(_)), &stop)?;
    if stop.load(Ordering::Relaxed) {
        return Err(BuildError::Stopped.into());
    }
    Ok(chosen.generation)
}

/// The generation for a server: the last good one after any error of the corpus, the disk or file permissions.
///
/// # Errors
/// Those of [`build`], if there is no good generation; [`BuildError::Stopped`] once `stop` is set.
pub(crate) fn generation_to_serve(settings: &Settings, stop: &AtomicBool) -> Result<Chosen, BuildError> {
    generation_or_last_good(settings, |_| false, stop)
}

/// A generation, and why it is that one.
pub(crate) struct Chosen {
    pub(crate) generation: Generation,
    /// What `current` names, which differs from the generation if the current one cannot be used.
    pub(crate) current_name: Option<String>,
    /// Whether the build failed and [`may_build_later`].
    pub(crate) is_to_be_retried: bool,
}

/// Whether the same corpus may build later: the index folder, the disk or Rex failed, and not the corpus.
pub(crate) fn may_build_later(error: &BuildError) -> bool {
    !matches!(
        error,
        BuildError::Corpus(_) | BuildError::Problems(_) | BuildError::Refused(_)
    )
}

fn generation_or_last_good(
    settings: &Settings,
    is_final: fn(&BuildError) -> bool,
    stop: &AtomicBool,
) -> Result<Chosen, BuildError> {
    let error = match bring_up_to_date(settings, AfterRollback::Leave, stop) {
        Ok(outcome) => {
            if let BuildOutcome::RolledBack(generation) = &outcome {
                say(format_args!(
                    "rex: {} is current by `rex rollback`; run `rex index` to build the corpus as it is",
                    generation.name
                ));
            }
            let generation = outcome.generation();
            return Ok(Chosen {
                current_name: Some(generation.name.clone()),
                generation,
                is_to_be_retried: false,
            });
        }
        Err(error) if is_final(&error) || matches!(error, BuildError::Stopped) => return Err(error),
        Err(error) => error,
    };
    let folder = IndexDir::at(&settings.index);
    let current_name = folder.current_name();
    let (usable, skipped) = folder.usable();
    let Some(generation) = usable else {
        return Err(error);
    };
    if let BuildError::Problems(report) = &error {
        say_problems(report);
    }
    for sentence in skipped {
        say(format_args!("rex: {sentence}"));
    }
    say(format_args!(
        "rex: {error}; using the last good generation, {}",
        generation.name
    ));
    Ok(Chosen {
        generation,
        current_name,
        is_to_be_retried: may_build_later(&error),
    })
}

/// Opens an engine on a generation, with the synonyms and CPV labels of the configuration.
pub(crate) fn open_engine(settings: &Settings, generation: Generation) -> anyhow::Result<Engine> {
    let engine = Engine::open_with(generation.directory()?, generation.name, search_settings(settings))?;
    Ok(engine.with_labels(settings.cpv.clone()))
}

/// Search settings, with the synonyms and without the rules that the configuration turns off.
fn search_settings(settings: &Settings) -> rex_search::Settings {
    let search = rex_search::Settings::default().with_lexicon(settings.lexicon.clone());
    match settings.has_meaning {
        true => search,
        false => search.without(RankingRule::Meaning),
    }
}
