//! Runs the calls of the backend, a bounded number at a time: on the blocking thread pool, and short searches on the worker
//! thread that reads the request.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rex_api::case_id::normalized_id;
use rex_api::filter_resolver::{FilterError, are_exact, resolve_filters};
use rex_api::problem::Problem;
use rex_corpus::Record;
use rex_query::{
    Completion, FacetMatches, FacetQuery, Highlighter, Scan, SearchBackend, SearchError, SearchRequest, SearchResponse,
    Similar,
};
use tokio::sync::OwnedSemaphorePermit;

use crate::search::app_state::AppState;
use crate::telemetry::metrics::Refusal;

/// Maximum time of a search on a worker thread, which serves no other connection meanwhile. A search that takes longer starts
/// again on the blocking pool.
const INLINE_TIME: Duration = Duration::from_millis(5);

impl AppState {
    /// Resolves the filter values of a request, see [`resolve_filters`].
    pub(crate) async fn resolve(&self, request: SearchRequest) -> Result<SearchRequest, Problem> {
        if self.is_unavailable() || are_exact(&*self.0.backend, &request.filters) {
            return Ok(request);
        }
        let limited = self.limited(request.clone());
        let resolved = self.run(move |backend| match resolve_filters(backend, limited) {
            Ok(resolved) => Ok(Ok(resolved.filters)),
            Err(FilterError::Unknown(problem)) => Ok(Err(problem)),
            Err(FilterError::Search(error)) => Err(error),
        });
        let filters = resolved.await??;
        Ok(SearchRequest { filters, ..request })
    }

    /// Runs a search.
    pub(crate) async fn search(&self, request: SearchRequest) -> Result<SearchResponse, Problem> {
        self.search_and(request, |_, response| response).await
    }

    /// Runs a search and maps the response on the same thread.
    ///
    /// The thread is this worker thread if searches are short and a permit is free, and one of the blocking pool otherwise.
    pub(crate) async fn search_and<T: Send + 'static>(
        &self,
        request: SearchRequest,
        map: impl FnOnce(&SearchRequest, SearchResponse) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let mut request = self.limited(request);
        if let Some(found) = self.search_inline(&mut request, INLINE_TIME) {
            return found.map(|response| map(&request, response));
        }
        let state = self.clone();
        self.run(move |_| {
            let response = state.search_now(&request)?;
            Ok(map(&request, response))
        })
        .await
    }

    /// Runs a search on this worker thread. `None`: it has to go to the blocking pool, because the index is unavailable, searches
    /// are not short, no permit is free, or this one takes longer than `time`.
    fn search_inline(&self, request: &mut SearchRequest, time: Duration) -> Option<Result<SearchResponse, Problem>> {
        if self.is_unavailable() || !self.0.latency.is_short() {
            return None;
        }
        let _permit = self.0.search_permits.try_acquire().ok()?;
        let whole = request.time_limit.replace(time.min(self.0.limits.search_time));
        let found = self.search_now(request);
        let is_cut = request.time_limit < whole;
        request.time_limit = whole;
        match found {
            Err(SearchError::TimedOut) if is_cut => None,
            found => Some(found.map_err(|error| self.problem(error))),
        }
    }

    /// Runs a search on this thread; it is timed, counted and logged.
    fn search_now(&self, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
        let started = Instant::now();
        let found = self.0.backend.search(request);
        let took = started.elapsed();
        self.0.latency.record(took);
        let response = found?;
        self.0.metrics.searched(&response, took);
        if let Some(log) = &self.0.search_log {
            log.add(request, response.total);
        }
        Ok(response)
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
        self.run(move |backend| backend.facet_values(&request, &query)).await
    }

    /// The hits of a search in a range of ranks, read with [`Self::records`].
    pub(crate) async fn scan(&self, request: SearchRequest, hits: Range<usize>) -> Result<Arc<dyn Scan>, Problem> {
        let request = self.limited(request);
        self.run(move |backend| backend.scan(&request, hits)).await
    }

    /// The records of a range of hits of a scan.
    pub(crate) async fn records(&self, scan: &Arc<dyn Scan>, hits: Range<usize>) -> Result<Vec<Record>, Problem> {
        let scan = Arc::clone(scan);
        let permit = Arc::clone(&self.0.search_permits).acquire_owned();
        // The response has started and few exports run at once: waiting is better than aborting it.
        let permit = permit.await.map_err(|_| Problem::Internal)?;
        self.run_with(permit, move |_| scan.records(hits)).await
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

    /// Adds the time limit of the server to a request.
    fn limited(&self, request: SearchRequest) -> SearchRequest {
        SearchRequest {
            time_limit: Some(self.0.limits.search_time),
            ..request
        }
    }

    /// A permit to search. Fails at once when the queue is full, and after [`Limits::queue_time`](crate::Limits::queue_time)
    /// otherwise.
    async fn permit(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Problem> {
        let overloaded = || {
            self.0.metrics.refused(Refusal::Overload);
            Problem::Overloaded
        };
        let queued = Arc::clone(&self.0.queue_permits)
            .try_acquire_owned()
            .map_err(|_| overloaded())?;
        let permit = Arc::clone(&self.0.search_permits).acquire_owned();
        match tokio::time::timeout(self.0.limits.queue_time, permit).await {
            Ok(Ok(permit)) => Ok((queued, permit)),
            _ => Err(overloaded()),
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn SearchBackend) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        if self.is_unavailable() {
            return Err(Problem::Unavailable);
        }
        let permit = self.permit().await?;
        self.run_with(permit, work).await
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

#[cfg(test)]
mod tests {
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
        let first = state.permit().await.unwrap();
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
        let _first = state.permit().await.unwrap();
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

    #[tokio::test]
    async fn short_searches_run_inline_while_a_permit_is_free() {
        let state = one_at_a_time(5, Duration::from_secs(600));
        let mut request = state.limited(SearchRequest::default());
        let limited = request.clone();
        let mut inline = |state: &AppState, time| state.search_inline(&mut request, time);
        let enough = Duration::from_secs(600);
        assert!(inline(&state, enough).is_none(), "the latency is unknown");
        let state = after_short_searches(state);
        assert!(matches!(inline(&state, enough), Some(Ok(_))));
        assert!(inline(&state, Duration::from_nanos(1)).is_none(), "it takes too long");
        let permit = state.permit().await.unwrap();
        assert!(inline(&state, enough).is_none(), "no permit is free");
        drop(permit);
        assert!(inline(&state.unavailable(), enough).is_none(), "the index is damaged");
        assert_eq!(request, limited, "the request is unchanged");
    }

    #[tokio::test]
    async fn an_inline_search_past_its_time_limit_says_so() {
        let state = after_short_searches(one_at_a_time(5, Duration::from_nanos(1)));
        let stopped = state.search_inline(&mut state.limited(SearchRequest::default()), INLINE_TIME);
        assert!(matches!(stopped, Some(Err(Problem::TimedOut))));
    }
}
