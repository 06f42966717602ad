use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rex_corpus::{Cpv, CpvLabels, Record};
use rex_search::{
    Completion, CpvCompletions, Engine, Facet, FacetMatches, FacetQuery, Highlighter, Listing, SearchError,
    SearchRequest, SearchResponse, Similar,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

use crate::client::RateLimit;
use crate::cors::Origins;
use crate::cpv::branch_label;
use crate::filter_values::{FilterError, are_exact, resolve_filters};
use crate::kept::{KeptAnswer, KeptAnswers};
use crate::limits::Limits;
use crate::metrics::{Metrics, Refusal};
use crate::pace::Pace;
use crate::problem::Problem;
use crate::search_log::SearchLog;
use crate::site::Site;

/// Exports under way at once: each holds the addresses of all its hits until its reader has read them.
const MAX_EXPORTS: usize = 4;

/// How long a search may hold up the connections it shares a thread with.
const TIME_HERE: Duration = Duration::from_millis(5);

/// What every handler works with; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

#[derive(Clone)]
struct Parts {
    engine: Arc<Engine>,
    site: Arc<Site>,
    labels: Arc<CpvLabels>,
    /// What Meilisearch clients may call the index.
    index_names: Vec<String>,
    origins: Origins,
    /// What answers depend on besides the generation, as a digest.
    settings: String,
    /// Where searches are logged, if they are.
    search_log: Option<SearchLog>,
    exports: Arc<Semaphore>,
    limits: Limits,
    rate_limit: RateLimit,
    /// Room for the searches under way and those that wait for their turn.
    places: Arc<Semaphore>,
    /// A search keeps a processor busy: more of them at once than processors would only make each slower.
    turns: Arc<Semaphore>,
    /// Of this engine, with these labels.
    kept: Arc<KeptAnswers>,
    /// Of this engine, with these labels, from the first time that any is asked for.
    cpv_completions: Arc<OnceLock<CpvCompletions>>,
    /// Of the searches of the engine.
    pace: Arc<Pace>,
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
        Self(Arc::new(Parts {
            engine: Arc::new(engine),
            site: Arc::new(site),
            labels: Arc::new(CpvLabels::shipped()),
            index_names: vec!["rex".to_owned()],
            origins: Origins::default(),
            settings: String::new(),
            search_log: None,
            exports: Arc::new(Semaphore::new(MAX_EXPORTS)),
            rate_limit: RateLimit::new(&limits),
            places: Arc::new(Semaphore::new(limits.searches + limits.queue)),
            turns: Arc::new(Semaphore::new(limits.searches)),
            kept: Arc::new(KeptAnswers::within(limits.kept_answers)),
            cpv_completions: Arc::default(),
            limits,
            pace: Arc::new(Pace::unknown()),
            metrics,
            is_withheld: false,
        }))
    }

    /// The same with some of its parts changed.
    fn with(self, change: impl FnOnce(&mut Parts)) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.0);
        change(&mut parts);
        Self(Arc::new(parts))
    }

    /// The same within other limits than those of [`Limits::default`].
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        self.with(|parts| {
            parts.rate_limit = RateLimit::new(&limits);
            parts.places = Arc::new(Semaphore::new(limits.searches + limits.queue));
            parts.turns = Arc::new(Semaphore::new(limits.searches));
            parts.kept = Arc::new(KeptAnswers::within(limits.kept_answers));
            parts.limits = limits;
        })
    }

    /// The same over another engine: the limits, the counts and what is under way are shared.
    #[must_use]
    pub fn with_engine(self, engine: Engine) -> Self {
        self.0.metrics.serves(engine.generation(), engine.cases());
        self.with(|parts| {
            parts.engine = Arc::new(engine);
            parts.kept = Arc::new(KeptAnswers::within(parts.limits.kept_answers));
            parts.cpv_completions = Arc::default();
            parts.pace = Arc::new(Pace::unknown());
            parts.is_withheld = false;
        })
    }

    /// The same with nothing answered from its engine, whose index is damaged.
    #[must_use]
    pub fn withheld(self) -> Self {
        self.with(|parts| parts.is_withheld = true)
    }

    /// The same with other labels of CPV codes than those of Rex.
    #[must_use]
    pub fn with_labels(self, labels: CpvLabels) -> Self {
        self.with(|parts| {
            parts.labels = Arc::new(labels);
            parts.kept = Arc::new(KeptAnswers::within(parts.limits.kept_answers));
            parts.cpv_completions = Arc::default();
        })
    }

    /// The same, read by browsers from other origins than those of [`Origins::default`].
    #[must_use]
    pub fn with_origins(self, origins: Origins) -> Self {
        self.with(|parts| parts.origins = origins)
    }

    /// The same with a digest of the settings that answers depend on: under other settings, an answer that was kept is
    /// out of date.
    #[must_use]
    pub fn with_settings_digest(self, digest: &str) -> Self {
        self.with(|parts| digest.clone_into(&mut parts.settings))
    }

    /// The same with other names for Meilisearch clients to call the index by than `rex`; without any, it is closed to them.
    #[must_use]
    pub fn with_index_names(self, names: Vec<String>) -> Self {
        self.with(|parts| parts.index_names = names)
    }

    /// The same, its searches logged.
    #[must_use]
    pub fn with_search_log(self, log: SearchLog) -> Self {
        self.with(|parts| parts.search_log = Some(log))
    }

    /// The same for searches that nobody typed.
    pub(crate) fn without_search_log(&self) -> Self {
        self.clone().with(|parts| parts.search_log = None)
    }

    /// The engine that answers.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// What is counted of this server.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// How the pages present themselves.
    pub(crate) fn site(&self) -> &Site {
        &self.0.site
    }

    /// What CPV codes are called.
    pub(crate) fn labels(&self) -> &CpvLabels {
        &self.0.labels
    }

    /// Where browsers may read answers from.
    pub(crate) fn origins(&self) -> &Origins {
        &self.0.origins
    }

    /// What it gives at most.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// How fast each client may ask.
    pub(crate) fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }

    /// Whether nothing is answered from the engine.
    pub(crate) fn is_withheld(&self) -> bool {
        self.0.is_withheld
    }

    /// A digest of the settings, see [`Self::with_settings_digest`].
    pub(crate) fn settings(&self) -> &str {
        &self.0.settings
    }

    /// What Meilisearch clients may call the index.
    pub(crate) fn index_names(&self) -> &[String] {
        &self.0.index_names
    }

    /// Answers that are given again as they were.
    pub(crate) fn kept(&self) -> &KeptAnswers {
        &self.0.kept
    }

    /// The answer that a query had before, counted and logged as a search; none where it has to be searched for.
    pub(crate) fn kept_answer(&self, query: &str) -> Option<Arc<KeptAnswer>> {
        let answer = self.0.kept.get(query).filter(|_| !self.0.is_withheld)?;
        self.0.metrics.searched_before(answer.outcome);
        if let Some(log) = &self.0.search_log {
            log.add(&answer.request, answer.outcome.total);
        }
        Some(answer)
    }

    /// A request with the values of its filters as cases write them.
    pub(crate) async fn resolve(&self, request: SearchRequest) -> Result<SearchRequest, Problem> {
        if self.0.is_withheld || are_exact(&self.0.engine, &request.filters) {
            return Ok(request);
        }
        let limited = self.limited(request.clone());
        let resolved = self.work(move |engine| match resolve_filters(engine, limited) {
            Ok(resolved) => Ok(Ok(resolved.filters)),
            Err(FilterError::Unknown(problem)) => Ok(Err(problem)),
            Err(FilterError::Search(error)) => Err(error),
        });
        let filters = resolved.await??;
        Ok(SearchRequest { filters, ..request })
    }

    /// Searches.
    pub(crate) async fn search(&self, request: SearchRequest) -> Result<SearchResponse, Problem> {
        self.search_and(request, |_, response| response).await
    }

    /// Searches, and makes something of what was found.
    ///
    /// Both are done right here where searches are quick and there is a turn at once; else on a thread where they hold up no
    /// other request. A search that takes longer here than it was expected to is begun anew on such a thread.
    pub(crate) async fn search_and<T: Send + 'static>(
        &self,
        request: SearchRequest,
        make: impl FnOnce(&SearchRequest, SearchResponse) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        if self.0.is_withheld {
            return Err(Problem::Withheld);
        }
        let mut request = self.limited(request);
        if let Some(turn) = self.turn_here() {
            // To have something to do wakes another thread, if one sleeps: it looks after the other connections meanwhile.
            drop(tokio::spawn(std::future::ready(())));
            let is_all_its_time = self.0.limits.search_time <= TIME_HERE;
            request.time_limit = Some(TIME_HERE.min(self.0.limits.search_time));
            let found = catch_unwind(AssertUnwindSafe(|| self.run_search(&request)));
            drop(turn);
            match found {
                Ok(Err(SearchError::TimedOut)) if !is_all_its_time => request = self.limited(request),
                Ok(found) => return self.found(found).map(|response| make(&request, response)),
                Err(_) => {
                    self.0.metrics.panicked();
                    return Err(Problem::Internal);
                }
            }
        }
        let state = self.clone();
        self.work(move |_| {
            let response = state.run_search(&request)?;
            Ok(make(&request, response))
        })
        .await
    }

    /// Searches on this thread, and counts and logs what was found.
    fn run_search(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        let started = Instant::now();
        let found = self.0.engine.search(request);
        let took = started.elapsed();
        self.0.pace.took(took);
        let response = found?;
        self.0.metrics.searched(&response, took);
        if let Some(log) = &self.0.search_log {
            log.add(request, response.total);
        }
        Ok(response)
    }

    /// Completions for what was typed, at most `limit`.
    pub(crate) async fn suggest(&self, typed: String, limit: usize) -> Result<Vec<Completion>, Problem> {
        let (labels, made) = (Arc::clone(&self.0.labels), Arc::clone(&self.0.cpv_completions));
        self.work(move |engine| {
            let cpv = match made.get() {
                Some(cpv) => cpv,
                None => {
                    // As the index was built to call them: what is completed to has to be found.
                    let label = |digits: &str| labels.get(Cpv::parse(digits).ok()?);
                    let cpv = engine.cpv_completions(&label)?;
                    made.get_or_init(|| cpv)
                }
            };
            engine.suggest_with(cpv, &typed, limit)
        })
        .await
    }

    /// The values of a facet that hold some words.
    pub(crate) async fn facet_values(
        &self,
        request: SearchRequest,
        query: FacetQuery,
    ) -> Result<FacetMatches, Problem> {
        let request = self.limited(request);
        let labels = Arc::clone(&self.0.labels);
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
            time_limit: Some(self.0.limits.search_time),
            ..request
        }
    }

    /// The records of some hits of a listing.
    pub(crate) async fn records(&self, listing: &Arc<Listing>, hits: Range<usize>) -> Result<Vec<Record>, Problem> {
        let listing = Arc::clone(listing);
        let turn = Arc::clone(&self.0.turns).acquire_owned();
        // The answer has begun, and there are few of its kind: it waits rather than being broken off.
        let turn = turn.await.map_err(|_| Problem::Internal)?;
        self.run(turn, move |engine| engine.records(&listing, hits)).await
    }

    /// Leave to export; given back when dropped.
    pub(crate) fn export(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.0.exports).try_acquire_owned().map_err(|_| {
            self.0.metrics.refused(Refusal::Exports);
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
            self.0.metrics.refused(Refusal::Overload);
            Problem::Overloaded
        };
        let place = Arc::clone(&self.0.places)
            .try_acquire_owned()
            .map_err(|_| overloaded())?;
        let turn = Arc::clone(&self.0.turns).acquire_owned();
        match tokio::time::timeout(self.0.limits.queue_time, turn).await {
            Ok(Ok(turn)) => Ok((place, turn)),
            _ => Err(overloaded()),
        }
    }

    /// A turn to search here and now, where searches are quick and nobody waits for a turn.
    fn turn_here(&self) -> Option<OwnedSemaphorePermit> {
        let turn = || Arc::clone(&self.0.turns).try_acquire_owned().ok();
        self.0.pace.is_quick().then(turn).flatten()
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        if self.0.is_withheld {
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
        let engine = Arc::clone(&self.0.engine);
        let span = tracing::Span::current();
        let work = move || {
            let _turn = turn;
            span.in_scope(|| work(&engine))
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(found) => self.found(found),
            Err(error) => {
                if error.is_panic() {
                    self.0.metrics.panicked();
                }
                tracing::error!(%error, "a search did not end");
                Err(Problem::Internal)
            }
        }
    }

    /// What is said of a search that failed.
    fn found<T>(&self, found: Result<T, SearchError>) -> Result<T, Problem> {
        found.map_err(|error| match error {
            SearchError::TimedOut => {
                self.0.metrics.refused(Refusal::Time);
                Problem::TimedOut
            }
            SearchError::Unreadable { .. } => {
                tracing::error!(%error, "a search failed");
                Problem::Internal
            }
        })
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
        while state.0.places.available_permits() > 0 {
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
        assert_eq!(state.0.places.available_permits(), 5);
    }

    #[tokio::test]
    async fn a_search_past_its_time_is_said_to_be() {
        let state = one_at_a_time(5, Duration::from_nanos(1));
        let stopped = state.search(SearchRequest::default()).await;
        assert_eq!(stopped.map(drop), Err(Problem::TimedOut));
    }
}
