//! `rex serve --watch`: rebuilds the index when the corpus changes.

use std::sync::Arc;
use std::time::Duration;

use rex_corpus::Corpus;
use rex_indexer::{AfterRollback, BuildError};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::config::Settings;
use crate::ensure_index::bring_up_to_date;

/// Interval between checks of the corpus: reads the metadata of its files.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Delay before a build that failed for lack of space, or because of the disk, is tried again.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// Rebuilds the index each time the corpus changes.
pub(crate) struct CorpusWatcher {
    settings: Arc<Settings>,
    /// Fingerprint of the corpus that was indexed last.
    indexed: Option<String>,
}

impl CorpusWatcher {
    /// Watches from the present state of the corpus on. Create it before the first build, so that no change is missed.
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        Self {
            indexed: fingerprint(&settings),
            settings,
        }
    }

    /// Never returns.
    pub(crate) async fn run(mut self) {
        let mut seen = self.indexed.clone();
        loop {
            sleep(POLL_INTERVAL).await;
            let settings = Arc::clone(&self.settings);
            let Ok(now) = spawn_blocking(move || fingerprint(&settings)).await else {
                continue;
            };
            // A file that is being written differs between two checks: wait until it no longer does.
            let is_settled = now == seen;
            seen = now;
            if !is_settled || seen == self.indexed {
                continue;
            }
            let settings = Arc::clone(&self.settings);
            let built = spawn_blocking(move || build(&settings)).await;
            match built {
                Ok(Rebuild::Settled) => self.indexed.clone_from(&seen),
                Ok(Rebuild::Failed) => sleep(RETRY_INTERVAL).await,
                Err(error) => {
                    tracing::error!(%error, "a build of the index panicked");
                    self.indexed.clone_from(&seen);
                }
            }
        }
    }
}

/// A fingerprint of the sizes and times of all files of the corpus; `None` if it cannot be read.
fn fingerprint(settings: &Settings) -> Option<String> {
    Corpus::open_with(&settings.corpus, &settings.sources)
        .ok()
        .map(|corpus| corpus.fingerprint())
}

enum Rebuild {
    /// Built, or the corpus has errors: nothing to do until it changes.
    Settled,
    /// The machine failed: the same corpus may build later.
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
