//! Prometheus metrics, documented in docs/METRICS.md.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::Method;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use rex_api::generation_time::built_at_seconds;
use rex_query::SearchResponse;

/// Histogram buckets of the request duration, in seconds.
const REQUEST_SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Histogram buckets of the search duration, in seconds. Most searches take less than a millisecond.
const SEARCH_SECONDS: [f64; 14] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// The metrics of a server; clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<MetricsInner>);

struct MetricsInner {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    connections: Gauge,
    searches: Counter,
    cached_searches: Counter,
    without_result: Counter,
    relaxed: Counter,
    corrected: Counter,
    search_seconds: Histogram,
    refusals: Family<RefusalLabel, Counter>,
    panics: Counter,
    reloads: Family<ReloadLabel, Counter>,
    log_dropped: Counter,
    served: Arc<RwLock<ServedGeneration>>,
}

/// Why a request was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The search queue is full, or the wait for a permit timed out.
    Overload,
    /// A search exceeded its time limit.
    Time,
    /// A client exceeded its rate limit.
    Rate,
    /// Too many open connections.
    Connections,
    /// Too many running exports.
    Exports,
    /// A client sent its body, or read its response, too slowly.
    Slow,
}

impl Refusal {
    /// All reasons.
    pub const ALL: [Self; 6] = [
        Self::Overload,
        Self::Time,
        Self::Rate,
        Self::Connections,
        Self::Exports,
        Self::Slow,
    ];

    /// The value of the `reason` label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overload => "overload",
            Self::Time => "time",
            Self::Rate => "rate",
            Self::Connections => "connections",
            Self::Exports => "exports",
            Self::Slow => "slow",
        }
    }
}

/// The counted properties of a search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SearchOutcome {
    /// Number of hits.
    pub(crate) total: u64,
    is_relaxed: bool,
    is_corrected: bool,
}

impl SearchOutcome {
    pub(crate) fn of(response: &SearchResponse) -> Self {
        Self {
            total: response.total,
            is_relaxed: response.suggestions.relaxed,
            is_corrected: !response.suggestions.corrections.is_empty(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabel {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReloadLabel {
    outcome: &'static str,
}

const MOVED: ReloadLabel = ReloadLabel { outcome: "moved" };
const REFUSED: ReloadLabel = ReloadLabel { outcome: "refused" };

impl Default for Metrics {
    fn default() -> Self {
        Self::start()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Metrics")
    }
}

impl Metrics {
    /// All metrics at zero; the process start time is now.
    pub fn start() -> Self {
        let served = Arc::<RwLock<ServedGeneration>>::default();
        let mut inner = MetricsInner {
            registry: Registry::default(),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(|| Histogram::new(REQUEST_SECONDS)),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            searches: Counter::default(),
            cached_searches: Counter::default(),
            without_result: Counter::default(),
            relaxed: Counter::default(),
            corrected: Counter::default(),
            search_seconds: Histogram::new(SEARCH_SECONDS),
            refusals: Family::default(),
            panics: Counter::default(),
            reloads: Family::default(),
            log_dropped: Counter::default(),
            served: Arc::clone(&served),
        };
        // Exports the counters at zero, as Prometheus recommends.
        for reason in Refusal::ALL.map(Refusal::name) {
            drop(inner.refusals.get_or_create(&RefusalLabel { reason }));
        }
        for outcome in [MOVED, REFUSED] {
            drop(inner.reloads.get_or_create(&outcome));
        }
        inner.register(served);
        Self(Arc::new(inner))
    }

    /// Counts a rejected request.
    pub fn refused(&self, reason: Refusal) {
        let reason = reason.name();
        self.0.refusals.get_or_create(&RefusalLabel { reason }).inc();
    }

    /// Counts a caught panic.
    pub fn panicked(&self) {
        self.0.panics.inc();
    }

    /// Counts a switch to another generation.
    pub fn reloaded(&self) {
        self.0.reloads.get_or_create(&MOVED).inc();
    }

    /// Counts a new generation that could not be opened: the server keeps the old one.
    pub fn reload_refused(&self) {
        self.0.reloads.get_or_create(&REFUSED).inc();
    }

    /// Counts an open connection until the guard is dropped.
    #[must_use]
    pub fn connection_opened(&self) -> OpenGuard {
        OpenGuard::of(&self.0.connections)
    }

    /// Counts a search and its duration.
    pub(crate) fn searched(&self, outcome: SearchOutcome, took: Duration) {
        self.0.search_seconds.observe(took.as_secs_f64());
        self.count(outcome);
    }

    /// Counts a search answered from the cache.
    pub(crate) fn search_cached(&self, outcome: SearchOutcome) {
        self.0.cached_searches.inc();
        self.count(outcome);
    }

    fn count(&self, outcome: SearchOutcome) {
        let inner = &self.0;
        inner.searches.inc();
        for (is_so, counter) in [
            (outcome.total == 0, &inner.without_result),
            (outcome.is_relaxed, &inner.relaxed),
            (outcome.is_corrected, &inner.corrected),
        ] {
            if is_so {
                counter.inc();
            }
        }
    }

    /// Sets the generation served, assumed intact, and its number of cases.
    pub fn set_generation(&self, generation: &str, cases: u64) {
        *self.0.served.write().unwrap_or_else(PoisonError::into_inner) = ServedGeneration {
            generation: generation.to_owned(),
            cases,
            is_intact: true,
        };
    }

    /// Sets whether the generation served is undamaged.
    pub fn set_intact(&self, is_intact: bool) {
        self.0.served.write().unwrap_or_else(PoisonError::into_inner).is_intact = is_intact;
    }

    /// Counts a search that could not be logged.
    pub fn search_log_dropped(&self) {
        self.0.log_dropped.inc();
    }

    /// Counts a request in flight until the guard is dropped.
    pub(crate) fn request_started(&self) -> OpenGuard {
        OpenGuard::of(&self.0.in_flight)
    }

    /// Counts an answered request and its duration.
    pub(crate) fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let route = route.to_owned();
        let labels = RequestLabels { route, method, status };
        self.0.requests.get_or_create(&labels).inc();
        let RequestLabels { route, .. } = labels;
        let seconds = self.0.request_seconds.get_or_create(&RouteLabel { route });
        seconds.observe(took.as_secs_f64());
    }

    /// The metrics in the Prometheus text format.
    ///
    /// # Errors
    /// None when writing to a string.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

impl MetricsInner {
    /// Registers all metrics. The encoder appends `_total` to counters and `_info` to infos.
    fn register(&mut self, served: Arc<RwLock<ServedGeneration>>) {
        let registry = &mut self.registry;
        let mut counter = |name: &str, help: &str, counter: &Counter| registry.register(name, help, counter.clone());
        counter("rex_searches", "Searches answered", &self.searches);
        counter(
            "rex_searches_kept",
            "Searches answered as they were before",
            &self.cached_searches,
        );
        counter(
            "rex_searches_without_result",
            "Searches that found no case",
            &self.without_result,
        );
        counter(
            "rex_searches_relaxed",
            "Searches answered with cases that hold most of the words",
            &self.relaxed,
        );
        counter(
            "rex_searches_corrected",
            "Searches with a word that was replaced",
            &self.corrected,
        );
        counter("rex_panics", "Panics caught", &self.panics);
        counter(
            "rex_search_log_dropped",
            "Searches missing in the log of searches",
            &self.log_dropped,
        );
        let requests = self.requests.clone();
        registry.register("rex_requests", "Requests answered", requests);
        let seconds = self.request_seconds.clone();
        registry.register("rex_request_duration_seconds", "Time until an answer begins", seconds);
        let in_flight = self.in_flight.clone();
        registry.register("rex_requests_in_flight", "Requests without an answer yet", in_flight);
        registry.register("rex_connections", "Open connections", self.connections.clone());
        let seconds = self.search_seconds.clone();
        registry.register("rex_search_duration_seconds", "Time a search takes the engine", seconds);
        registry.register("rex_refusals", "Requests turned away", self.refusals.clone());
        let reloads = self.reloads.clone();
        registry.register("rex_reloads", "Moves to another generation, or refusals to", reloads);
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("rex_build", "The version of Rex", version);
        registry.register_collector(Box::new(ScrapeCollector { served, started: now() }));
    }
}

/// Increments a gauge until dropped.
#[derive(Debug)]
pub struct OpenGuard(Gauge);

impl OpenGuard {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The generation served.
#[derive(Debug, Clone, Default)]
struct ServedGeneration {
    /// Empty before a generation is served.
    generation: String,
    cases: u64,
    is_intact: bool,
}

/// Metrics computed at scrape time.
#[derive(Debug)]
struct ScrapeCollector {
    served: Arc<RwLock<ServedGeneration>>,
    /// Seconds since the Unix epoch.
    started: f64,
}

impl Collector for ScrapeCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut add = |name: &str, help: &str, metric: &dyn EncodeMetric| {
            metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
        };
        let started = ConstGauge::new(self.started);
        add(
            "process_start_time_seconds",
            "When the server started, since 1970.",
            &started,
        )?;
        if let Some(bytes) = resident_bytes() {
            let bytes = ConstGauge::new(bytes);
            add("process_resident_memory_bytes", "Memory in use.", &bytes)?;
        }
        let served = self.served.read().unwrap_or_else(PoisonError::into_inner).clone();
        if served.generation.is_empty() {
            return Ok(());
        }
        if let Some(built) = built_at_seconds(&served.generation) {
            let age = ConstGauge::new((now() - built).max(0.0));
            add(
                "rex_generation_age_seconds",
                "Time since the generation served was built.",
                &age,
            )?;
        }
        add("rex_generation_cases", "Cases in it.", &ConstGauge::new(served.cases))?;
        let is_intact = ConstGauge::new(u64::from(served.is_intact));
        add("rex_generation_intact", "Whether it is as it was built.", &is_intact)?;
        let name = Info::new([("generation", served.generation)]);
        add("rex_generation", "Its name.", &name)
    }
}

/// Seconds since the Unix epoch.
fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs_f64()
}

/// The resident memory of this process in bytes, on Linux.
fn resident_bytes() -> Option<u64> {
    // `statm` counts in pages, whose size differs between machines.
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = kibibytes.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The label of a method. Clients may send any method, so that the list is closed.
pub(crate) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}
