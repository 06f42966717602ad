use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use rex_corpus::{CpvLabels, Record};
use rex_search::{
    Completion, Engine, Facet, FacetMatches, FacetQuery, Highlighter, Listing, SearchError, SearchRequest,
    SearchResponse, Similar,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

use crate::client::RateLimit;
use crate::cors::Origins;
use crate::cpv::branch_label;
use crate::limits::Limits;
use crate::metrics::{Metrics, Refusal};
use crate::problem::Problem;
use crate::search_log::SearchLog;
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
    /// Where searches are logged, if they are.
    search_log: Option<SearchLog>,
    exports: Arc<Semaphore>,
    limits: Arc<Limits>,
    rate_limit: RateLimit,
    /// Room for the searches under way and those that wait for their turn.
    places: Arc<Semaphore>,
    /// A search keeps a processor busy: more of them at once than processors would only make each slower.
    turns: Arc<Semaphore>,
    metrics: Metrics,
    /// Whether what the engine reads may be wrong: nothing is answered from it then.
    is_withheld: bool,
}

impl AppState {
    /// Serves what `engine` reads, presented as `site` says.
    pub fn new(engine: Engine, site: Site) -> Self {
        let metrics = Metrics::start();
        metrics.serves(engine.generation(), engine.cases());
        let limits = Limits::default();
        Self {
            engine: Arc::new(engine),
            site: Arc::new(site),
            labels: Arc::new(CpvLabels::shipped()),
            index_names: Arc::new(["rex".to_owned()]),
            origins: Arc::new(Origins::default()),
            settings: Arc::from(""),
            search_log: None,
            exports: Arc::new(Semaphore::new(MAX_EXPORTS)),
            rate_limit: RateLimit::new(&limits),
            places: Arc::new(Semaphore::new(limits.searches + limits.queue)),
            turns: Arc::new(Semaphore::new(limits.searches)),
            limits: Arc::new(limits),
            metrics,
            is_withheld: false,
        }
    }

    /// The same within other limits than those of [`Limits::default`].
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self {
            rate_limit: RateLimit::new(&limits),
            places: Arc::new(Semaphore::new(limits.searches + limits.queue)),
            turns: Arc::new(Semaphore::new(limits.searches)),
            limits: Arc::new(limits),
            ..self
        }
    }

    /// The same over another engine: the limits, the counts and what is under way are shared.
    #[must_use]
    pub fn with_engine(self, engine: Engine) -> Self {
        self.metrics.serves(engine.generation(), engine.cases());
        Self {
            engine: Arc::new(engine),
            is_withheld: false,
            ..self
        }
    }

    /// The same with nothing answered from its engine, whose index is damaged.
    #[must_use]
    pub fn withheld(self) -> Self {
        Self {
            is_withheld: true,
            ..self
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

    /// The same, its searches logged.
    #[must_use]
    pub fn with_search_log(self, log: SearchLog) -> Self {
        Self {
            search_log: Some(log),
            ..self
        }
    }

    /// The same for searches that nobody typed.
    pub(crate) fn without_search_log(&self) -> Self {
        Self {
            search_log: None,
            ..self.clone()
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

    /// What it gives at most.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How fast each client may ask.
    pub(crate) fn rate_limit(&self) -> &RateLimit {
        &self.rate_limit
    }

    /// Whether nothing is answered from the engine.
    pub(crate) fn is_withheld(&self) -> bool {
        self.is_withheld
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
        let request = self.limited(request);
        let search = move |engine: &Engine| {
            let started = Instant::now();
            let response = engine.search(&request)?;
            Ok((request, response, started.elapsed()))
        };
        let (request, response, took) = self.work(search).await?;
        self.metrics.searched(&response, took);
        if let Some(log) = &self.search_log {
            log.add(&request, response.total);
        }
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
        let request = self.limited(request);
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
        let request = self.limited(request);
        self.work(move |engine| engine.list(&request, hits)).await
    }

    /// A request that has to be done within the time a search may take.
    fn limited(&self, request: SearchRequest) -> SearchRequest {
        SearchRequest {
            time_limit: Some(self.limits.search_time),
            ..request
        }
    }

    /// The records of some hits of a listing.
    pub(crate) async fn records(&self, listing: &Arc<Listing>, hits: Range<usize>) -> Result<Vec<Record>, Problem> {
        let listing = Arc::clone(listing);
        let turn = Arc::clone(&self.turns).acquire_owned();
        // The answer has begun, and there are few of its kind: it waits rather than being broken off.
        let turn = turn.await.map_err(|_| Problem::Internal)?;
        self.run(turn, move |engine| engine.records(&listing, hits)).await
    }

    /// Leave to export; given back when dropped.
    pub(crate) fn export(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.exports).try_acquire_owned().map_err(|_| {
            self.metrics.refused(Refusal::Exports);
            Problem::Busy
        })
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

    /// A turn to keep a processor busy. Where as many as there is room for wait already, it is refused at once, and where the
    /// wait is long, then: a line that is kept short is over a moment after the rush is.
    async fn turn(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Problem> {
        let overloaded = || {
            self.metrics.refused(Refusal::Overload);
            Problem::Overloaded
        };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| overloaded())?;
        let turn = Arc::clone(&self.turns).acquire_owned();
        match tokio::time::timeout(self.limits.queue_time, turn).await {
            Ok(Ok(turn)) => Ok((place, turn)),
            _ => Err(overloaded()),
        }
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        if self.is_withheld {
            return Err(Problem::Withheld);
        }
        let turn = self.turn().await?;
        self.run(turn, work).await
    }

    /// Runs work on a thread of its own, and gives the turn back when it is done, whether or not anybody waits for it.
    async fn run<T: Send + 'static>(
        &self,
        turn: impl Send + 'static,
        work: impl FnOnce(&Engine) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        let engine = Arc::clone(&self.engine);
        let span = tracing::Span::current();
        let work = move || {
            let _turn = turn;
            span.in_scope(|| work(&engine))
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(SearchError::TimedOut)) => {
                self.metrics.refused(Refusal::Time);
                Err(Problem::TimedOut)
            }
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rex_index::IndexWriter;
    use tantivy::directory::RamDirectory;

    use super::*;

    fn state(limits: Limits) -> AppState {
        let directory = RamDirectory::create();
        IndexWriter::create(directory.clone()).unwrap().finish().unwrap();
        AppState::new(Engine::open(directory, "g-test").unwrap(), Site::default()).with_limits(limits)
    }

    fn one_at_a_time(queue: usize, search_time: Duration) -> AppState {
        state(Limits {
            searches: 1,
            queue,
            search_time,
            ..Limits::default()
        })
    }

    #[tokio::test]
    async fn a_search_beyond_the_queue_is_refused_at_once() {
        let state = one_at_a_time(1, Duration::from_secs(600));
        let first = state.turn().await.unwrap();
        let waiting = tokio::spawn({
            let state = state.clone();
            async move { state.search(SearchRequest::default()).await.map(drop) }
        });
        while state.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = state.search(SearchRequest::default()).await;
        assert_eq!(refused.map(drop), Err(Problem::Overloaded));
        drop(first);
        assert_eq!(waiting.await.unwrap(), Ok(()), "who waited is served");
        assert!(
            state.search(SearchRequest::default()).await.is_ok(),
            "and the places are given back"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_refused() {
        let state = one_at_a_time(5, Duration::from_secs(600));
        let _first = state.turn().await.unwrap();
        let refused = state.search(SearchRequest::default()).await;
        assert_eq!(refused.map(drop), Err(Problem::Overloaded));
        assert_eq!(state.places.available_permits(), 5);
    }

    #[tokio::test]
    async fn a_search_past_its_time_is_said_to_be() {
        let state = one_at_a_time(5, Duration::from_nanos(1));
        let stopped = state.search(SearchRequest::default()).await;
        assert_eq!(stopped.map(drop), Err(Problem::TimedOut));
    }
}
