use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use rex_corpus::{CpvLabels, Record};
use rex_search::{
    Completion, Engine, Facet, FacetMatches, FacetQuery, Highlighter, Listing, SearchRequest, SearchResponse, Similar,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

use crate::cors::Origins;
use crate::cpv::branch_label;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::site::Site;

/// Exports under way at once: each holds the addresses of all its hits until its reader has read them.
const MAX_EXPORTS: usize = 4;

/// What every handler works with; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    engine: Arc<Engine>,
    site: Arc<Site>,
    labels: Arc<CpvLabels>,
    /// What Meilisearch clients may call the index.
    index_names: Arc<[String]>,
    origins: Arc<Origins>,
    /// What answers depend on besides the generation, as a digest.
    settings: Arc<str>,
    metrics: Metrics,
    exports: Arc<Semaphore>,
    /// A search keeps a processor busy: more of them at once than processors would only make each slower.
    turns: Arc<Semaphore>,
}

impl AppState {
    /// Serves what `engine` reads, presented as `site` says.
    pub fn new(engine: Engine, site: Site) -> Self {
        let metrics = Metrics::start();
        metrics.serves(engine.generation(), engine.cases());
        Self {
            engine: Arc::new(engine),
            site: Arc::new(site),
            labels: Arc::new(CpvLabels::shipped()),
            index_names: Arc::new(["rex".to_owned()]),
            origins: Arc::new(Origins::default()),
            settings: Arc::from(""),
            metrics,
            exports: Arc::new(Semaphore::new(MAX_EXPORTS)),
            turns: Arc::new(Semaphore::new(
                std::thread::available_parallelism().map_or(2, usize::from),
            )),
        }
    }

    /// The same with other labels of CPV codes than those of Rex.
    #[must_use]
    pub fn with_labels(self, labels: CpvLabels) -> Self {
        Self {
            labels: Arc::new(labels),
            ..self
        }
    }

    /// The same, read by browsers from other origins than those of [`Origins::default`].
    #[must_use]
    pub fn with_origins(self, origins: Origins) -> Self {
        Self {
            origins: Arc::new(origins),
            ..self
        }
    }

    /// The same with a digest of the settings that answers depend on: under other settings, an answer that was kept is
    /// out of date.
    #[must_use]
    pub fn with_settings_digest(self, digest: &str) -> Self {
        Self {
            settings: Arc::from(digest),
            ..self
        }
    }

    /// The same with other names for Meilisearch clients to call the index by than `rex`; without any, it is closed to them.
    #[must_use]
    pub fn with_index_names(self, names: Vec<String>) -> Self {
        Self {
            index_names: names.into(),
            ..self
        }
    }

    /// The engine that answers.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What is counted of this server.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// How the pages present themselves.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// What CPV codes are called.
    pub(crate) fn labels(&self) -> &CpvLabels {
        &self.labels
    }

    /// Where browsers may read answers from.
    pub(crate) fn origins(&self) -> &Origins {
        &self.origins
    }

    /// A digest of the settings, see [`Self::with_settings_digest`].
    pub(crate) fn settings(&self) -> &str {
        &self.settings
    }

    /// What Meilisearch clients may call the index.
    pub(crate) fn index_names(&self) -> &[String] {
        &self.index_names
    }

    /// Searches on a thread where work does not hold up other requests.
    pub(crate) async fn search(&self, request: SearchRequest) -> Result<SearchResponse, Problem> {
        let search = move |engine: &Engine| {
            let started = Instant::now();
            engine.search(&request).map(|response| (response, started.elapsed()))
        };
        let (response, took) = self.work(search).await?;
        self.metrics.searched(&response, took);
        Ok(response)
    }

    /// Completions for what was typed, at most `limit`.
    pub(crate) async fn suggest(&self, typed: String, limit: usize) -> Result<Vec<Completion>, Problem> {
        self.work(move |engine| engine.suggest(&typed, limit)).await
    }

    /// The values of a facet that hold some words.
    pub(crate) async fn facet_values(
        &self,
        request: SearchRequest,
        query: FacetQuery,
    ) -> Result<FacetMatches, Problem> {
        let labels = Arc::clone(&self.labels);
        self.work(move |engine| {
            let label = |path: &str| match query.facet {
                Facet::Cpv => branch_label(&labels, path),
                _ => None,
            };
            engine.facet_values(&request, &query, &label)
        })
        .await
    }

    /// Every hit of a search within a range, to be read with [`Self::records`].
    pub(crate) async fn list(&self, request: SearchRequest, hits: Range<usize>) -> Result<Listing, Problem> {
        self.work(move |engine| engine.list(&request, hits)).await
    }

    /// The records of some hits of a listing.
    pub(crate) async fn records(&self, listing: &Arc<Listing>, hits: Range<usize>) -> Result<Vec<Record>, Problem> {
        let listing = Arc::clone(listing);
        self.work(move |engine| engine.records(&listing, hits)).await
    }

    /// Leave to export; given back when dropped.
    pub(crate) fn export(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.exports).try_acquire_owned().map_err(|_| Problem::Busy)
    }

    /// The case of an id, its accents joined to their letters or not.
    pub(crate) async fn case(&self, id: String) -> Result<Record, Problem> {
        let (id, unknown) = joined(&id);
        self.work(move |engine| engine.case(&id)).await?.ok_or(unknown)
    }

    /// The id of a case with its accents joined, and the cases nearest to it, at most `limit`.
    pub(crate) async fn similar(&self, id: String, limit: usize) -> Result<(String, Vec<Similar>), Problem> {
        let (id, unknown) = joined(&id);
        let asked = id.clone();
        let similar = self.work(move |engine| engine.similar(&asked, limit)).await?;
        similar.map(|similar| (id, similar)).ok_or(unknown)
    }

    /// Marks the words of a query in the texts of a case.
    pub(crate) async fn highlighter(&self, query: String) -> Result<Highlighter, Problem> {
        self.work(move |engine| engine.highlighter(&query)).await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, rex_search::SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        let engine = Arc::clone(&self.engine);
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let span = tracing::Span::current();
        let work = move || {
            let _turn = turn;
            span.in_scope(|| work(&engine))
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::error!(%error, "a search failed");
                Err(Problem::Internal)
            }
            Err(error) => {
                if error.is_panic() {
                    self.metrics.panicked();
                }
                tracing::error!(%error, "a search did not end");
                Err(Problem::Internal)
            }
        }
    }
}

/// An id with its accents joined to their letters, as the corpus has them, and what to say where no case has it.
fn joined(id: &str) -> (String, Problem) {
    let id: String = id.nfc().collect();
    let shown: String = id.chars().take(100).collect();
    (id, Problem::NotFound(format!("no case has the id \"{shown}\"")))
}
