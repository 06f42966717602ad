//! `rex serve --watch`: rebuilds the index when the corpus changes.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rex_corpus::Corpus;
use rex_indexer::{AfterRollback, BuildError};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::config::Settings;
use crate::ensure_index::{bring_up_to_date, may_build_later};
use crate::relevance_gate::RelevanceGate;

/// Interval between checks of the corpus: reads the metadata of its files.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Delay before the same corpus is built again after the disk or the index folder failed.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// Rebuilds the index each time the corpus changes.
pub(crate) struct CorpusWatcher {
    settings: Arc<Settings>,
    /// Stops a build.
    stop: Arc<AtomicBool>,
    /// Fingerprint of the corpus that was indexed last.
    indexed: Option<String>,
}

impl CorpusWatcher {
    /// Watches from the present state of the corpus on. Create it before the first build, so that no change is missed.
    pub(crate) fn new(settings: Arc<Settings>, stop: Arc<AtomicBool>) -> Self {
        Self {
            indexed: fingerprint(&settings),
            settings,
            stop,
        }
    }

    /// Never returns. `is_to_be_retried`: whether the build before failed and [`may_build_later`].
    pub(crate) async fn run(mut self, is_to_be_retried: bool) {
        let mut seen = self.indexed.clone();
        let mut retry_at = is_to_be_retried.then(|| Instant::now() + RETRY_INTERVAL);
        loop {
            sleep(POLL_INTERVAL).await;
            let settings = Arc::clone(&self.settings);
            let Ok(now) = spawn_blocking(move || fingerprint(&settings)).await else {
                continue;
            };
            // A file that is being written differs between two checks: wait until it no longer does.
            let is_settled = now == seen;
            seen = now;
            let is_due = retry_at.is_some_and(|at| Instant::now() >= at);
            if !is_settled || (seen == self.indexed && !is_due) {
                continue;
            }
            self.indexed.clone_from(&seen);
            let (settings, stop) = (Arc::clone(&self.settings), Arc::clone(&self.stop));
            let built = spawn_blocking(move || build(&settings, &stop)).await;
            retry_at = match built {
                Ok(Rebuild::Settled) => None,
                // A change of the corpus does not wait for this.
                Ok(Rebuild::Failed) => Some(Instant::now() + RETRY_INTERVAL),
                Err(error) => {
                    tracing::error!(%error, "a build of the index panicked");
                    None
                }
            };
        }
    }
}

/// A fingerprint of the metadata of all files of the corpus and of its judged queries; `None` if its folders cannot be read.
fn fingerprint(settings: &Settings) -> Option<String> {
    let corpus = Corpus::open_with(&settings.corpus, &settings.sources).ok()?;
    Some(corpus.fingerprint(&RelevanceGate::path(&settings.corpus)))
}

enum Rebuild {
    /// Built, or the corpus cannot be read or has errors: nothing to do until it changes.
    Settled,
    /// The build [`may_build_later`].
    Failed,
}

fn build(settings: &Settings, stop: &AtomicBool) -> Rebuild {
    match bring_up_to_date(settings, AfterRollback::Leave, stop) {
        Ok(_) | Err(BuildError::Stopped) => Rebuild::Settled,
        Err(error) => {
            if let BuildError::Problems(report) = &error {
                for problem in &report.problems {
                    tracing::warn!("{problem}");
                }
            }
            tracing::warn!("{error}; still serving the last good generation");
            if may_build_later(&error) {
                Rebuild::Failed
            } else {
                Rebuild::Settled
            }
        }
    }
}
