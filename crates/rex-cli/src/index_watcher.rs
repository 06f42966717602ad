//! Keeps a server on the current generation of the index, and verifies its files.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rex_index::{Generation, IndexDir};
use rex_query::{SearchBackend, SearchError, SearchRequest};
use rex_server::HotSwap;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::config::Settings;
use crate::ensure_index::open_engine;

/// Interval between checks of the index: reads one small file, and the metadata of the files in service.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// Delay from the start to the first verification of all digests: files may have been damaged while no server ran.
const FIRST_VERIFICATION: Duration = Duration::from_secs(60);
/// Delay before a damaged generation is opened again.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// Serves the generation that the `current` file names, as long as it can be read.
pub(crate) struct IndexWatcher {
    settings: Arc<Settings>,
    folder: IndexDir,
    live: HotSwap,
    serving: Generation,
    /// The content of `current` at the last check.
    current_name: Option<String>,
    /// Whether the files in service matched their digests at the last verification.
    is_intact: bool,
    next_verification: Option<Instant>,
}

impl IndexWatcher {
    /// Watches from the generation in service on. `current_name` is what `current` named when that generation was chosen: it may name
    /// a generation that cannot be used, which was reported, and it may have changed since.
    pub(crate) fn new(
        settings: Arc<Settings>,
        live: HotSwap,
        serving: Generation,
        current_name: Option<String>,
    ) -> Self {
        let folder = IndexDir::at(&settings.index);
        Self {
            current_name,
            next_verification: settings.verify_every.map(|_| Instant::now() + FIRST_VERIFICATION),
            is_intact: true,
            folder,
            settings,
            live,
            serving,
        }
    }

    /// Never returns, unless a check panics.
    pub(crate) async fn run(self) {
        let mut watcher = Some(self);
        while let Some(mut current) = watcher.take() {
            sleep(POLL_INTERVAL).await;
            let checked = spawn_blocking(move || {
                current.check();
                current
            });
            match checked.await {
                Ok(current) => watcher = Some(current),
                Err(error) => {
                    tracing::error!(%error, "the index is no longer watched; restart rex to watch it again");
                }
            }
        }
    }

    fn check(&mut self) {
        let current_name = self.folder.current_name();
        if current_name != self.current_name {
            // A missing or empty `current` does not stop the service.
            if let Some(name) = current_name
                .as_ref()
                .filter(|name| **name != self.serving.name || !self.is_intact)
            {
                self.switch_to(name);
            }
            self.current_name = current_name;
        }
        let is_due = self.next_verification.is_some_and(|due| Instant::now() >= due);
        match self.is_intact {
            true if is_due || self.serving.is_untouched().is_err() => self.verify(),
            false if is_due => self.recover(),
            _ => return,
        }
        let every = if self.is_intact {
            self.settings.verify_every
        } else {
            Some(RETRY_INTERVAL)
        };
        self.next_verification = every.map(|every| Instant::now() + every);
    }

    fn switch_to(&mut self, name: &str) {
        let moved = self.folder.open(name).map_err(anyhow::Error::from);
        if let Err(error) = moved.and_then(|generation| self.serve(generation)) {
            self.live.state().metrics().reload_refused();
            tracing::warn!("{error}; still serving {}", self.serving.name);
        }
    }

    /// Replaces the generation in service, once the new one is open and warm.
    fn serve(&mut self, generation: Generation) -> anyhow::Result<()> {
        let engine = open_engine(&self.settings, generation.clone())?;
        warm_up(&engine)?;
        self.live.swap_backend(engine);
        self.live.state().metrics().reloaded();
        tracing::info!(
            generation = generation.name,
            cases = generation.manifest.records,
            "moved to another generation"
        );
        self.serving = generation;
        self.is_intact = true;
        Ok(())
    }

    /// Verifies every digest of the generation in service, and switches to another one if a file is damaged.
    fn verify(&mut self) {
        let Err(damage) = self.serving.verify() else {
            // Touched but unchanged, such as restored from a backup or after chown: watch the new file metadata.
            match self.folder.open(&self.serving.name) {
                Ok(generation) => self.serving = generation,
                Err(error) => tracing::warn!("{error}; still serving it"),
            }
            return;
        };
        self.is_intact = false;
        self.live.state().metrics().set_intact(false);
        if self.serving.is_whole_as_opened() {
            let name = &self.serving.name;
            tracing::error!("{damage}; {name} is served from an intact copy in memory until rex stops");
            return;
        }
        tracing::error!("{damage}");
        match self.folder.usable() {
            (Some(generation), _) => {
                if let Err(error) = self.serve(generation) {
                    self.make_unavailable(&error.to_string());
                }
            }
            (None, _) => self.make_unavailable("no other generation can be used"),
        }
    }

    /// Serves the damaged generation again if its files have been restored.
    fn recover(&mut self) {
        if let Ok(generation) = self.folder.open(&self.serving.name)
            && let Err(error) = self.serve(generation)
        {
            tracing::warn!("{error}");
        }
    }

    /// Refuses searches: no answer is better than a wrong one.
    fn make_unavailable(&self, reason: &str) {
        self.live.make_unavailable();
        tracing::error!("{reason}; searches are refused until `rex index` has built another");
    }
}

/// Loads what the first search reads, so that no visitor waits for it.
fn warm_up(backend: &dyn SearchBackend) -> Result<(), SearchError> {
    backend.search(&SearchRequest::default()).map(drop)
}
