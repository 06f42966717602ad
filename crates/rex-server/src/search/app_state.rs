use std::sync::Arc;

use rex_corpus::CpvLabels;
use rex_query::{IndexInfo, SearchBackend};
use tokio::sync::Semaphore;

use crate::middleware::cors::AllowedOrigins;
use crate::middleware::rate_limit::RateLimiter;
use crate::search::limits::Limits;
use crate::search::response_cache::{CachedAnswer, ResponseCache};
use crate::site::config::Site;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::search_log::SearchLog;

/// Exports under way at once: each holds the addresses of all its hits until its reader has read them.
const MAX_EXPORTS: usize = 4;

/// What every handler works with; cheap to clone.
#[derive(Clone)]
pub struct AppState(pub(super) Arc<Shared>);

#[derive(Clone)]
pub(super) struct Shared {
    pub(super) backend: Arc<dyn SearchBackend>,
    /// What the backend searches: it does not change as long as the backend is served.
    info: IndexInfo,
    site: Arc<Site>,
    labels: Arc<CpvLabels>,
    /// What Meilisearch clients may call the index.
    index_names: Vec<String>,
    origins: AllowedOrigins,
    /// Digest of the settings that answers depend on besides the generation.
    settings_digest: String,
    pub(super) search_log: Option<SearchLog>,
    pub(super) export_permits: Arc<Semaphore>,
    pub(super) limits: Limits,
    rate_limit: RateLimiter,
    /// One for each search that runs or waits.
    pub(super) queue_permits: Arc<Semaphore>,
    /// One for each search that runs: as many as processors, as more would only slow each other down.
    pub(super) search_permits: Arc<Semaphore>,
    /// Answers of this backend with these labels.
    cache: Arc<ResponseCache>,
    pub(super) metrics: Metrics,
    /// Whether the index may be damaged: searches are refused then.
    is_unavailable: bool,
}

impl AppState {
    /// Serves what `backend` answers, presented as `site` says.
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
            cache: Arc::new(ResponseCache::with_capacity(limits.cache_bytes)),
            limits,
            metrics,
            is_unavailable: false,
        }))
    }

    /// The same with some of its parts changed.
    fn with(self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.0);
        change(&mut parts);
        Self(Arc::new(parts))
    }

    /// The same within other limits than those of [`Limits::default`].
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        self.with(|parts| {
            parts.rate_limit = RateLimiter::new(&limits);
            parts.queue_permits = Arc::new(Semaphore::new(limits.searches + limits.queue));
            parts.search_permits = Arc::new(Semaphore::new(limits.searches));
            parts.cache = Arc::new(ResponseCache::with_capacity(limits.cache_bytes));
            parts.limits = limits;
        })
    }

    /// The same over another backend: limits, metrics and permits are shared.
    #[must_use]
    pub fn with_backend(self, backend: impl SearchBackend + 'static) -> Self {
        let info = backend.info();
        self.0.metrics.set_generation(&info.generation, info.cases);
        self.with(|parts| {
            parts.backend = Arc::new(backend);
            parts.info = info;
            parts.cache = Arc::new(ResponseCache::with_capacity(parts.limits.cache_bytes));
            parts.is_unavailable = false;
        })
    }

    /// The same with searches refused, as the index is damaged.
    #[must_use]
    pub fn unavailable(self) -> Self {
        self.with(|parts| parts.is_unavailable = true)
    }

    /// The same with other labels of CPV codes than those of Rex.
    #[must_use]
    pub fn with_labels(self, labels: CpvLabels) -> Self {
        self.with(|parts| {
            parts.labels = Arc::new(labels);
            parts.cache = Arc::new(ResponseCache::with_capacity(parts.limits.cache_bytes));
        })
    }

    /// The same, read by browsers from other origins than those of [`AllowedOrigins::default`].
    #[must_use]
    pub fn with_origins(self, origins: AllowedOrigins) -> Self {
        self.with(|parts| parts.origins = origins)
    }

    /// The same with a digest of the settings that answers depend on: under other settings, an answer that was kept is
    /// out of date.
    #[must_use]
    pub fn with_settings_digest(self, digest: &str) -> Self {
        self.with(|parts| digest.clone_into(&mut parts.settings_digest))
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

    /// Name of the generation that answers.
    pub fn generation(&self) -> &str {
        &self.0.info.generation
    }

    /// Number of cases in it.
    pub fn cases(&self) -> u64 {
        self.0.info.cases
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
    pub(crate) fn origins(&self) -> &AllowedOrigins {
        &self.0.origins
    }

    /// What it gives at most.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// How fast each client may ask.
    pub(crate) fn rate_limit(&self) -> &RateLimiter {
        &self.0.rate_limit
    }

    /// Whether searches are refused, as the index is damaged.
    pub(crate) fn is_unavailable(&self) -> bool {
        self.0.is_unavailable
    }

    /// A digest of the settings, see [`Self::with_settings_digest`].
    pub(crate) fn settings_digest(&self) -> &str {
        &self.0.settings_digest
    }

    /// What Meilisearch clients may call the index.
    pub(crate) fn index_names(&self) -> &[String] {
        &self.0.index_names
    }

    /// Answers kept to be sent again.
    pub(crate) fn cache(&self) -> &ResponseCache {
        &self.0.cache
    }

    /// The cached answer to a query string, counted and logged as a search; `None` where it has to be searched for.
    pub(crate) fn cached_answer(&self, query: &str) -> Option<Arc<CachedAnswer>> {
        let answer = self.0.cache.get(query).filter(|_| !self.0.is_unavailable)?;
        self.0.metrics.search_cached(answer.outcome);
        if let Some(log) = &self.0.search_log {
            log.add(&answer.request, answer.outcome.total);
        }
        Some(answer)
    }
}
