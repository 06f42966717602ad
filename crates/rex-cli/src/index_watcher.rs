//! A server that keeps up with the index and, when it watches it, with the corpus.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rex_index::{Generation, IndexDir};
use rex_query::{SearchBackend, SearchError, SearchRequest};
use rex_server::Live;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::config::Settings;
use crate::ensure_index::open_engine;

/// Between two looks at the index: one small file is read, and the files that are served are looked at without being read.
const LOOK_AT_INDEX: Duration = Duration::from_millis(500);
/// From the start to the first time that every digest is checked: disks lose bits while nothing runs, too.
const FIRST_VERIFICATION: Duration = Duration::from_secs(60);
/// Before what failed for want of room, or of a disk, is tried again, and what was damaged is looked at again.
const TRY_AGAIN: Duration = Duration::from_secs(60);

/// Keeps what is served the generation that the pointer names, as long as it can be read.
pub(crate) struct IndexWatcher {
    settings: Arc<Settings>,
    folder: IndexDir,
    live: Live,
    serving: Generation,
    /// What the pointer named when it was looked at last.
    pointed: Option<String>,
    /// Whether the files of what is served are as they should be.
    is_intact: bool,
    next_verification: Option<Instant>,
}

impl IndexWatcher {
    /// Follows the index from the generation that is served now, and from what the pointer named when it was chosen: where that cannot
    /// be used, it was said, and the pointer may have moved since.
    pub(crate) fn new(settings: Arc<Settings>, live: Live, serving: Generation, pointed: Option<String>) -> Self {
        let folder = IndexDir::at(&settings.index);
        Self {
            pointed,
            next_verification: settings.verify_every.map(|_| Instant::now() + FIRST_VERIFICATION),
            is_intact: true,
            folder,
            settings,
            live,
            serving,
        }
    }

    /// Goes on for ever.
    pub(crate) async fn follow(self) {
        let mut follower = Some(self);
        while let Some(mut current) = follower.take() {
            sleep(LOOK_AT_INDEX).await;
            let looked = spawn_blocking(move || {
                current.look();
                current
            });
            match looked.await {
                Ok(current) => follower = Some(current),
                Err(error) => {
                    tracing::error!(%error, "the index is no longer followed; restart rex to follow it again");
                }
            }
        }
    }

    fn look(&mut self) {
        let pointed = self.folder.current_name();
        if pointed != self.pointed {
            // A pointer that is gone, or names nothing, is no reason to stop serving.
            if let Some(name) = pointed
                .as_ref()
                .filter(|name| **name != self.serving.name || !self.is_intact)
            {
                self.follow_to(name);
            }
            self.pointed = pointed;
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
            Some(TRY_AGAIN)
        };
        self.next_verification = every.map(|every| Instant::now() + every);
    }

    fn follow_to(&mut self, name: &str) {
        let moved = self.folder.open(name).map_err(anyhow::Error::from);
        if let Err(error) = moved.and_then(|generation| self.serve(generation)) {
            self.live.state().metrics().move_refused();
            tracing::warn!("{error}; still serving {}", self.serving.name);
        }
    }

    /// Puts a generation in the place of the one that is served, once it is ready to be searched.
    fn serve(&mut self, generation: Generation) -> anyhow::Result<()> {
        let engine = open_engine(&self.settings, generation.clone())?;
        warm_up(&engine)?;
        self.live.serve(engine);
        self.live.state().metrics().moved();
        tracing::info!(
            generation = generation.name,
            cases = generation.manifest.records,
            "moved to another generation"
        );
        self.serving = generation;
        self.is_intact = true;
        Ok(())
    }

    /// Checks every digest of what is served.
    fn verify(&mut self) {
        let Err(damage) = self.serving.verify() else {
            // Touched and not changed: copied back, or given to another user. From here on, it is this one that is watched.
            match self.folder.open(&self.serving.name) {
                Ok(generation) => self.serving = generation,
                Err(error) => tracing::warn!("{error}; still serving it"),
            }
            return;
        };
        self.is_intact = false;
        self.live.state().metrics().intact(false);
        if self.serving.is_whole_as_opened() {
            let name = &self.serving.name;
            tracing::error!("{damage}; what is served of {name} is a good copy of it, which lasts until rex ends");
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

    /// Takes up again what was damaged, if somebody put its files back.
    fn recover(&mut self) {
        if let Ok(generation) = self.folder.open(&self.serving.name)
            && let Err(error) = self.serve(generation)
        {
            tracing::warn!("{error}");
        }
    }

    /// No answer is better than a wrong one.
    fn make_unavailable(&self, reason: &str) {
        self.live.make_unavailable();
        tracing::error!("{reason}; searches are refused until `rex index` has built another");
    }
}

/// Reads what a first search reads, before a visitor waits for it.
fn warm_up(backend: &dyn SearchBackend) -> Result<(), SearchError> {
    backend.search(&SearchRequest::default()).map(drop)
}
