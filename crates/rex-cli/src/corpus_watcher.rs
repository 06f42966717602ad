//! `rex serve --watch`: builds the index again when the corpus changes.

use std::sync::Arc;
use std::time::Duration;

use rex_corpus::Corpus;
use rex_indexer::{AfterRollback, BuildError};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::config::Settings;
use crate::ensure_index::bring_up_to_date;

/// Between two looks at the corpus, whose files are looked at without being read.
const LOOK_AT_CORPUS: Duration = Duration::from_secs(1);
/// Before what failed for want of room, or of a disk, is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(60);

/// Builds the index again each time the corpus changes.
pub(crate) struct CorpusWatcher {
    settings: Arc<Settings>,
    /// The corpus as it is indexed.
    indexed: Option<String>,
}

impl CorpusWatcher {
    /// Watches the corpus from as it is now: made before the index is brought up to date, so that nothing is missed.
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        Self {
            indexed: stamp(&settings),
            settings,
        }
    }

    /// Goes on for ever.
    pub(crate) async fn watch(mut self) {
        let mut seen = self.indexed.clone();
        loop {
            sleep(LOOK_AT_CORPUS).await;
            let settings = Arc::clone(&self.settings);
            let Ok(now) = spawn_blocking(move || stamp(&settings)).await else {
                continue;
            };
            // A file that is being written changes from one look to the next: it is left alone until it does not.
            let is_settled = now == seen;
            seen = now;
            if !is_settled || seen == self.indexed {
                continue;
            }
            let settings = Arc::clone(&self.settings);
            let built = spawn_blocking(move || build(&settings)).await;
            match built {
                Ok(Rebuild::Settled) => self.indexed.clone_from(&seen),
                Ok(Rebuild::Failed) => sleep(TRY_AGAIN).await,
                Err(error) => {
                    tracing::error!(%error, "a build did not end");
                    self.indexed.clone_from(&seen);
                }
            }
        }
    }
}

/// Changes when a file of the corpus does, by sizes and times; none where there is no corpus to read.
fn stamp(settings: &Settings) -> Option<String> {
    Corpus::open_with(&settings.corpus, &settings.sources)
        .ok()
        .map(|corpus| corpus.stamp())
}

enum Rebuild {
    /// Built, or not to be built as it is: nothing to do before the corpus changes.
    Settled,
    /// The machine is at fault: the same corpus may do later.
    Failed,
}

fn build(settings: &Settings) -> Rebuild {
    match bring_up_to_date(settings, AfterRollback::Leave) {
        Ok(_) => Rebuild::Settled,
        Err(error) => {
            if let BuildError::Problems(report) = &error {
                for problem in &report.problems {
                    tracing::warn!("{problem}");
                }
            }
            tracing::warn!("{error}; still serving the last good generation");
            if error.is_user_input() {
                Rebuild::Settled
            } else {
                Rebuild::Failed
            }
        }
    }
}
