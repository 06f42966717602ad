//! The application state, and its settings.

use std::sync::Arc;

use rex_corpus::CpvLabels;
use rex_query::{IndexInfo, SearchBackend};
use tokio::sync::Semaphore;

use crate::middleware::cors::AllowedOrigins;
use crate::middleware::rate_limit::RateLimiter;
use crate::search::latency::SearchLatency;
use crate::search::limits::Limits;
use crate::search::response_cache::{CachedAnswer, ResponseCache};
use crate::site::config::Site;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::search_log::SearchLog;

/// Maximum number of running exports: each holds the addresses of all its hits.
const MAX_EXPORTS: usize = 4;

/// The state shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct AppState(pub(super) Arc<Shared>);

#[derive(Clone)]
pub(super) struct Shared {
    pub(super) backend: Arc<dyn SearchBackend>,
    /// Constant for the lifetime of the backend.
    info: IndexInfo,
    site: Arc<Site>,
    labels: Arc<CpvLabels>,
    /// Index uids for Meilisearch clients.
    index_names: Vec<String>,
    origins: AllowedOrigins,
    /// Digest of the settings that answers depend on.
    settings_digest: String,
    pub(super) search_log: Option<SearchLog>,
    pub(super) export_permits: Arc<Semaphore>,
    pub(super) limits: Limits,
    rate_limit: RateLimiter,
    /// One permit per running or queued search.
    pub(super) queue_permits: Arc<Semaphore>,
    /// One permit per running short search, and per other call of the backend.
    pub(super) search_permits: Arc<Semaphore>,
    /// One permit per running long search.
    pub(super) long_permits: Arc<Semaphore>,
    /// Of this backend.
    pub(super) latency: Arc<SearchLatency>,
    /// Valid for this backend and these labels.
    cache: Arc<ResponseCache>,
    pub(super) metrics: Metrics,
    /// Whether searches are rejected because the index is damaged.
    is_unavailable: bool,
}

impl AppState {
    /// The state for a backend and a site, with default settings.
    pub fn new(backend: impl SearchBackend + 'static, site: Site) -> Self {
        let metrics = Metrics::start();
        let info = backend.info();
        metrics.set_generation(&info.generation, info.cases);
        let limits = Limits::default();
        Self(Arc::new(Shared {
            backend: Arc::new(backend),
            info,
            site: Arc::new(site),
            labels: Arc::new(CpvLabels::shipped()),
            index_names: vec!["rex".to_owned()],
            origins: AllowedOrigins::default(),
            settings_digest: String::new(),
            search_log: None,
            export_permits: Arc::new(Semaphore::new(MAX_EXPORTS)),
            rate_limit: RateLimiter::new(&limits),
            queue_permits: Arc::new(Semaphore::new(limits.searches + limits.queue)),
            search_permits: Arc::new(Semaphore::new(limits.searches)),
            long_permits: Arc::new(Semaphore::new(limits.long_searches())),
            latency: Arc::new(SearchLatency::unknown()),
            cache: Arc::new(ResponseCache::with_capacity(limits.cache_bytes)),
            limits,
            metrics,
            is_unavailable: false,
        }))
    }

    /// Changes some fields.
    fn with(self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.0);
        change(&mut parts);
        Self(Arc::new(parts))
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        self.with(|parts| {
            parts.rate_limit = RateLimiter::new(&limits);
            parts.queue_permits = Arc::new(Semaphore::new(limits.searches + limits.queue));
            parts.search_permits = Arc::new(Semaphore::new(limits.searches));
            parts.long_permits = Arc::new(Semaphore::new(limits.long_searches()));
            parts.cache = Arc::new(ResponseCache::with_capacity(limits.cache_bytes));
            parts.limits = limits;
        })
    }

    /// Replaces the backend; limits, metrics and permits are shared with the old state.
    #[must_use]
    pub fn with_backend(self, backend: impl SearchBackend + 'static) -> Self {
        let info = backend.info();
        self.0.metrics.set_generation(&info.generation, info.cases);
        self.with(|parts| {
            parts.backend = Arc::new(backend);
            parts.info = info;
            parts.latency = Arc::new(SearchLatency::unknown());
            parts.cache = Arc::new(ResponseCache::with_capacity(parts.limits.cache_bytes));
            parts.is_unavailable = false;
        })
    }

    /// Rejects searches with 503: the index is damaged.
    #[must_use]
    pub fn unavailable(self) -> Self {
        self.with(|parts| parts.is_unavailable = true)
    }

    /// Sets the labels of CPV codes; by default those shipped with Rex.
    #[must_use]
    pub fn with_labels(self, labels: CpvLabels) -> Self {
        self.with(|parts| {
            parts.labels = Arc::new(labels);
            parts.cache = Arc::new(ResponseCache::with_capacity(parts.limits.cache_bytes));
        })
    }

    /// Sets the allowed CORS origins; by default any.
    #[must_use]
    pub fn with_origins(self, origins: AllowedOrigins) -> Self {
        self.with(|parts| parts.origins = origins)
    }

    /// Sets the digest of the settings that answers depend on. It is part of every ETag, so that changed settings invalidate
    /// cached answers.
    #[must_use]
    pub fn with_settings_digest(self, digest: &str) -> Self {
        self.with(|parts| digest.clone_into(&mut parts.settings_digest))
    }

    /// Sets the index uids for Meilisearch clients; by default `rex`. Without any, the Meilisearch API finds no index.
    #[must_use]
    pub fn with_index_names(self, names: Vec<String>) -> Self {
        self.with(|parts| parts.index_names = names)
    }

    /// Enables the search log.
    #[must_use]
    pub fn with_search_log(self, log: SearchLog) -> Self {
        self.with(|parts| parts.search_log = Some(log))
    }

    /// The state for searches of the server itself.
    pub(crate) fn without_search_log(&self) -> Self {
        self.clone().with(|parts| parts.search_log = None)
    }

    /// Name of the current generation.
    pub fn generation(&self) -> &str {
        &self.0.info.generation
    }

    /// Number of cases in the current generation.
    pub fn cases(&self) -> u64 {
        self.0.info.cases
    }

    /// The metrics of the server.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The site configuration.
    pub(crate) fn site(&self) -> &Site {
        &self.0.site
    }

    /// The labels of CPV codes.
    pub(crate) fn labels(&self) -> &CpvLabels {
        &self.0.labels
    }

    /// The allowed CORS origins.
    pub(crate) fn origins(&self) -> &AllowedOrigins {
        &self.0.origins
    }

    /// The limits of the server.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The rate limiter.
    pub(crate) fn rate_limit(&self) -> &RateLimiter {
        &self.0.rate_limit
    }

    /// Whether searches are rejected because the index is damaged.
    pub(crate) fn is_unavailable(&self) -> bool {
        self.0.is_unavailable
    }

    /// The digest of the settings, see [`Self::with_settings_digest`].
    pub(crate) fn settings_digest(&self) -> &str {
        &self.0.settings_digest
    }

    /// The index uids for Meilisearch clients.
    pub(crate) fn index_names(&self) -> &[String] {
        &self.0.index_names
    }

    /// The response cache.
    pub(crate) fn cache(&self) -> &ResponseCache {
        &self.0.cache
    }

    /// The cached answer to a query string, counted and logged as a search; `None` on a miss.
    pub(crate) fn cached_answer(&self, query: &str) -> Option<Arc<CachedAnswer>> {
        let answer = self.0.cache.get(query).filter(|_| !self.0.is_unavailable)?;
        self.0.metrics.search_cached(answer.outcome);
        if let Some(log) = &self.0.search_log {
            log.add(&answer.request, answer.outcome.total);
        }
        Some(answer)
    }
}
