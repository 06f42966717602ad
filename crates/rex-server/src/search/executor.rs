//! Runs the calls of the backend, a bounded number at a time. A search is tried in one lane after the other:
//!
//! | lane | time | where | how many |
//! |---|---|---|---|
//! | inline | 5 ms | the worker thread that reads the request, while searches are short | one per processor, with those below |
//! | short | 100 ms | the blocking pool | one per processor |
//! | long | until the deadline of the request | the blocking pool | one per two processors |
//!
//! One that exceeds the time of its lane starts again in the next one, so that expensive searches never hold the permits of the others.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rex_api::case_id::normalized_id;
use rex_api::filter_resolver::{FilterError, are_exact, resolve_filters};
use rex_api::problem::Problem;
use rex_corpus::Record;
use rex_query::{
    Completion, Deadline, FacetMatches, FacetQuery, Highlighter, Scan, SearchBackend, SearchError, SearchRequest,
    SearchResponse, Similar,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::search::app_state::AppState;
use crate::telemetry::metrics::{Refusal, SearchOutcome};

/// Maximum time of a search on a worker thread, which serves no other connection meanwhile.
const INLINE_TIME: Duration = Duration::from_millis(5);
/// Maximum time of a search in the short lane: five times the longest of 1,500 searches for parts of titles of 200,000 contracts.
const SHORT_TIME: Duration = Duration::from_millis(100);

impl AppState {
    /// When a request that begins now has to be answered.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::within(self.0.limits.search_time)
    }

    /// Resolves the filter values of a request, see [`resolve_filters`].
    pub(crate) async fn resolve(&self, request: SearchRequest) -> Result<SearchRequest, Problem> {
        if self.is_unavailable() || are_exact(&*self.0.backend, &request.filters) {
            return Ok(request);
        }
        let request = self.limited(request);
        let asked = request.clone();
        let resolved = self.run_search(request.deadline, move |backend, deadline| {
            match resolve_filters(backend, until(deadline, &asked)) {
                Ok(resolved) => Ok(Ok(resolved.filters)),
                Err(FilterError::Unknown(problem)) => Ok(Err(problem)),
                Err(FilterError::Search(error)) => Err(error),
            }
        });
        let filters = resolved.await??;
        Ok(SearchRequest { filters, ..request })
    }

    /// Runs a search.
    pub(crate) async fn search(&self, request: SearchRequest) -> Result<SearchResponse, Problem> {
        self.search_and(request, |_, response| Ok(response)).await
    }

    /// Runs a search and maps the response on the same thread; the search is timed, counted and logged. `map` has to return
    /// [`SearchError::TimedOut`] when the deadline of the request that it is given has passed, and may be called again then.
    pub(crate) async fn search_and<T: Send + 'static>(
        &self,
        request: SearchRequest,
        map: impl Fn(&SearchRequest, SearchResponse) -> Result<T, SearchError> + Send + Sync + 'static,
    ) -> Result<T, Problem> {
        let request = self.limited(request);
        let (deadline, state) = (request.deadline, self.clone());
        let work = move |backend: &dyn SearchBackend, deadline| {
            let request = until(deadline, &request);
            let started = Instant::now();
            let found = backend.search(&request);
            let took = started.elapsed();
            state.0.latency.record(took);
            let response = found?;
            let outcome = SearchOutcome::of(&response);
            let mapped = map(&request, response)?;
            state.0.metrics.searched(outcome, took);
            if let Some(log) = &state.0.search_log {
                log.add(&request, outcome.total);
            }
            Ok(mapped)
        };
        match self.run_inline(INLINE_TIME, deadline, &work) {
            Some(found) => found,
            None => self.run_search(deadline, work).await,
        }
    }

    /// At most `limit` completions of a text.
    pub(crate) async fn suggest(&self, typed: String, limit: usize) -> Result<Vec<Completion>, Problem> {
        self.run(move |backend| backend.suggest(&typed, limit)).await
    }

    /// The values of a facet that match a query.
    pub(crate) async fn facet_values(
        &self,
        request: SearchRequest,
        query: FacetQuery,
    ) -> Result<FacetMatches, Problem> {
        let request = self.limited(request);
        self.run_search(request.deadline, move |backend, deadline| {
            backend.facet_values(&until(deadline, &request), &query)
        })
        .await
    }

    /// The hits of a search in a range of ranks, read with [`Self::records`].
    pub(crate) async fn scan(&self, request: SearchRequest, hits: Range<usize>) -> Result<Arc<dyn Scan>, Problem> {
        let request = self.limited(request);
        self.run_search(request.deadline, move |backend, deadline| {
            backend.scan(&until(deadline, &request), hits.clone())
        })
        .await
    }

    /// The records of a range of hits of a scan.
    pub(crate) async fn records(&self, scan: &Arc<dyn Scan>, hits: Range<usize>) -> Result<Vec<Record>, Problem> {
        let scan = Arc::clone(scan);
        let permit = Arc::clone(&self.0.search_permits).acquire_owned();
        // The response has started and few exports run at once: waiting is better than aborting it.
        let permit = permit.await.map_err(|_| Problem::Internal)?;
        self.run_with(permit, move |_| scan.records(hits)).await
    }

    /// Does other work that may take as long as a search, such as to render a case of 1 MiB, as one of the searches.
    pub(crate) async fn render<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(move |_| Ok(work())).await
    }

    /// A permit to export, released on drop.
    pub(crate) fn export_permit(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.0.export_permits).try_acquire_owned().map_err(|_| {
            self.0.metrics.refused(Refusal::Exports);
            Problem::Busy
        })
    }

    /// The case with an id, in any Unicode normalization form.
    pub(crate) async fn case(&self, id: String) -> Result<Record, Problem> {
        let id = normalized_id(&id);
        let unknown = Problem::unknown_case(&id);
        self.run(move |backend| backend.case(&id)).await?.ok_or(unknown)
    }

    /// The id in Unicode NFC, and at most `limit` similar cases.
    pub(crate) async fn similar(&self, id: String, limit: usize) -> Result<(String, Vec<Similar>), Problem> {
        let id = normalized_id(&id);
        let of = id.clone();
        match self.run(move |backend| backend.similar(&of, limit)).await? {
            Some(similar) => Ok((id, similar)),
            None => Err(Problem::unknown_case(&id)),
        }
    }

    /// A highlighter for the words of a query.
    pub(crate) async fn highlighter(&self, query: String) -> Result<Arc<dyn Highlighter>, Problem> {
        self.run(move |backend| backend.highlighter(&query)).await
    }

    /// The request with its deadline, unless it is a part of one that has one already.
    fn limited(&self, request: SearchRequest) -> SearchRequest {
        match request.deadline {
            Deadline::NONE => SearchRequest {
                deadline: self.deadline(),
                ..request
            },
            _ => request,
        }
    }

    /// Runs a search on this worker thread. `None`: it has to go to the blocking pool, because the index is unavailable, searches are
    /// not short, no permit is free, or this one takes longer than `time`.
    fn run_inline<T>(
        &self,
        time: Duration,
        deadline: Deadline,
        work: impl Fn(&dyn SearchBackend, Deadline) -> Result<T, SearchError>,
    ) -> Option<Result<T, Problem>> {
        if self.is_unavailable() || !self.0.latency.is_short() {
            return None;
        }
        let _permit = self.0.search_permits.try_acquire().ok()?;
        let found = attempt(&*self.0.backend, time, deadline, work).transpose()?;
        Some(found.map_err(|error| self.problem(error)))
    }

    /// Runs a search on the blocking pool, in the short lane and then in the long one.
    async fn run_search<T: Send + 'static>(
        &self,
        deadline: Deadline,
        work: impl Fn(&dyn SearchBackend, Deadline) -> Result<T, SearchError> + Send + Sync + 'static,
    ) -> Result<T, Problem> {
        let work = Arc::new(work);
        let short = Arc::clone(&work);
        let found = self.run(move |backend| attempt(backend, SHORT_TIME, deadline, &*short));
        if let Some(found) = found.await? {
            return Ok(found);
        }
        let permit = self.wait_for(&self.0.long_permits).await?;
        self.run_with(permit, move |backend| work(backend, deadline)).await
    }

    /// Runs work of bounded time on the blocking pool.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn SearchBackend) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        if self.is_unavailable() {
            return Err(Problem::Unavailable);
        }
        let permits = self.permits().await?;
        self.run_with(permits, work).await
    }

    /// A permit of the queue and one to search. Fails at once when the queue is full.
    async fn permits(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Problem> {
        let queued = Arc::clone(&self.0.queue_permits).try_acquire_owned();
        let queued = queued.map_err(|_| self.overloaded())?;
        Ok((queued, self.wait_for(&self.0.search_permits).await?))
    }

    /// One of these permits. Fails after [`Limits::queue_time`](crate::Limits::queue_time).
    async fn wait_for(&self, permits: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = Arc::clone(permits).acquire_owned();
        match tokio::time::timeout(self.0.limits.queue_time, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(self.overloaded()),
        }
    }

    fn overloaded(&self) -> Problem {
        self.0.metrics.refused(Refusal::Overload);
        Problem::Overloaded
    }

    /// Runs work on the blocking thread pool. The permit is released when it ends, even if the client has disconnected.
    async fn run_with<T: Send + 'static>(
        &self,
        permit: impl Send + 'static,
        work: impl FnOnce(&dyn SearchBackend) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        let backend = Arc::clone(&self.0.backend);
        let span = tracing::Span::current();
        let work = move || {
            let _permit = permit;
            span.in_scope(|| work(&*backend))
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(found) => found.map_err(|error| self.problem(error)),
            Err(error) => {
                if error.is_panic() {
                    self.0.metrics.panicked();
                }
                tracing::error!(%error, "a search panicked or was cancelled");
                Err(Problem::Internal)
            }
        }
    }

    /// Counts or logs a failed search, and returns its problem.
    fn problem(&self, error: SearchError) -> Problem {
        match &error {
            SearchError::TimedOut => self.0.metrics.refused(Refusal::Time),
            SearchError::Unreadable { .. } => tracing::error!(%error, "a search failed"),
        }
        error.into()
    }
}

/// The same request with a deadline.
fn until(deadline: Deadline, request: &SearchRequest) -> SearchRequest {
    SearchRequest {
        deadline,
        ..request.clone()
    }
}

/// Tries a search; `None` if it takes longer than `time`, and its deadline is later.
fn attempt<T>(
    backend: &dyn SearchBackend,
    time: Duration,
    deadline: Deadline,
    work: impl Fn(&dyn SearchBackend, Deadline) -> Result<T, SearchError>,
) -> Result<Option<T>, SearchError> {
    let end = Deadline::within(time).earlier(deadline);
    match work(backend, end) {
        Err(SearchError::TimedOut) if end != deadline => Ok(None),
        found => found.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rex_indexer::IndexWriter;
    use tantivy::directory::RamDirectory;

    use rex_search::Engine;

    use super::*;
    use crate::search::limits::Limits;
    use crate::site::config::Site;

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
        let first = state.permits().await.unwrap();
        let waiting = tokio::spawn({
            let state = state.clone();
            async move { state.search(SearchRequest::default()).await.map(drop) }
        });
        while state.0.queue_permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = state.search(SearchRequest::default()).await;
        assert_eq!(refused.map(drop), Err(Problem::Overloaded));
        drop(first);
        assert_eq!(waiting.await.unwrap(), Ok(()), "the queued search is served");
        assert!(
            state.search(SearchRequest::default()).await.is_ok(),
            "and the permits are released"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_search_that_waits_too_long_is_refused() {
        let state = one_at_a_time(5, Duration::from_secs(600));
        let _first = state.permits().await.unwrap();
        let refused = state.search(SearchRequest::default()).await;
        assert_eq!(refused.map(drop), Err(Problem::Overloaded));
        assert_eq!(state.0.queue_permits.available_permits(), 5);
    }

    #[tokio::test]
    async fn a_search_past_its_time_limit_says_so() {
        let state = one_at_a_time(5, Duration::from_nanos(1));
        let stopped = state.search(SearchRequest::default()).await;
        assert_eq!(stopped.map(drop), Err(Problem::TimedOut));
    }

    fn after_short_searches(state: AppState) -> AppState {
        for _ in 0..100 {
            state.0.latency.record(Duration::from_micros(10));
        }
        state
    }

    type Inline = Option<Result<SearchResponse, Problem>>;

    /// Searches inline for at most `time`.
    fn inline(state: &AppState, time: Duration) -> Inline {
        state.run_inline(time, state.deadline(), |backend, deadline| {
            backend.search(&until(deadline, &SearchRequest::default()))
        })
    }

    #[tokio::test]
    async fn short_searches_run_inline_while_a_permit_is_free() {
        let state = one_at_a_time(5, Duration::from_secs(600));
        let enough = Duration::from_secs(60);
        assert!(inline(&state, enough).is_none(), "the latency is unknown");
        let state = after_short_searches(state);
        assert!(matches!(inline(&state, enough), Some(Ok(_))));
        assert!(inline(&state, Duration::ZERO).is_none(), "it takes too long");
        let permits = state.permits().await.unwrap();
        assert!(inline(&state, enough).is_none(), "no permit is free");
        drop(permits);
        assert!(inline(&state.unavailable(), enough).is_none(), "the index is damaged");
    }

    #[tokio::test]
    async fn an_inline_search_past_its_deadline_says_so() {
        let state = after_short_searches(one_at_a_time(5, Duration::ZERO));
        assert!(matches!(inline(&state, INLINE_TIME), Some(Err(Problem::TimedOut))));
    }

    #[tokio::test]
    async fn expensive_searches_leave_the_permits_of_the_others() {
        let state = state(Limits {
            searches: 2,
            queue: 0,
            search_time: Duration::from_secs(600),
            ..Limits::default()
        });
        let tried = Arc::new(AtomicUsize::new(0));
        let attack = || {
            let (state, tried, whole) = (state.clone(), Arc::clone(&tried), state.deadline());
            // It takes as long as it is given, except in the long lane.
            let work = move |_: &dyn SearchBackend, deadline| {
                tried.fetch_add(1, Ordering::Relaxed);
                if deadline == whole {
                    Ok(())
                } else {
                    Err(SearchError::TimedOut)
                }
            };
            tokio::spawn(async move { state.run_search(whole, work).await })
        };
        let long = Arc::clone(&state.0.long_permits).acquire_owned().await.unwrap();
        let attacks = [attack(), attack()];
        while tried.load(Ordering::Relaxed) < 2 || state.0.queue_permits.available_permits() < 2 {
            tokio::task::yield_now().await;
        }
        let found = state.search(SearchRequest::default()).await;
        assert!(found.is_ok(), "beside two expensive searches that wait");
        drop(long);
        for attack in attacks {
            assert_eq!(attack.await.unwrap(), Ok(()), "each is answered in its turn");
        }
        assert_eq!(state.0.long_permits.available_permits(), 1);
    }

    #[tokio::test]
    async fn the_parts_of_a_request_share_one_deadline() {
        let state = one_at_a_time(5, Duration::from_secs(600));
        let request = state.limited(SearchRequest::default());
        assert_ne!(request.deadline, Deadline::NONE);
        assert_eq!(state.limited(request.clone()), request);
        let past = until(Deadline::within(Duration::ZERO), &request);
        assert_eq!(state.search(past).await.map(drop), Err(Problem::TimedOut));
    }
}
