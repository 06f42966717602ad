//! What Rex counts and measures of itself, in the text format of Prometheus. docs/METRICS.md says what each number means.

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

/// Bounds of the time a request takes, in seconds.
const REQUEST_SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Bounds of the time a search takes, in seconds: most take less than a millisecond.
const SEARCH_SECONDS: [f64; 14] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// The numbers of one server, cheap to clone: all clones count together.
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

/// Why Rex turned a request away instead of answering it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// More searches wait than may.
    Overload,
    /// A search took longer than it may.
    Time,
    /// A client asked more often than it may.
    Rate,
    /// There are as many connections as there may be.
    Connections,
    /// There are as many exports under way as there may be.
    Exports,
    /// A client sent the body of its request, or took its answer, too slowly.
    Slow,
}

impl Refusal {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Overload,
        Self::Time,
        Self::Rate,
        Self::Connections,
        Self::Exports,
        Self::Slow,
    ];

    /// Its name among the labels.
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

/// What is counted of a search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SearchOutcome {
    /// Cases that match.
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
    /// All numbers at zero; the process counts as started now.
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
        // A counter that is there at zero can be told from one that is not counted.
        for reason in Refusal::ALL.map(Refusal::name) {
            drop(inner.refusals.get_or_create(&RefusalLabel { reason }));
        }
        for outcome in [MOVED, REFUSED] {
            drop(inner.reloads.get_or_create(&outcome));
        }
        inner.register(served);
        Self(Arc::new(inner))
    }

    /// A request was turned away.
    pub fn refused(&self, reason: Refusal) {
        let reason = reason.name();
        self.0.refusals.get_or_create(&RefusalLabel { reason }).inc();
    }

    /// A panic was caught.
    pub fn panicked(&self) {
        self.0.panics.inc();
    }

    /// The server went over to another generation.
    pub fn reloaded(&self) {
        self.0.reloads.get_or_create(&MOVED).inc();
    }

    /// Another generation became current and cannot be used: the server stays with the one it has.
    pub fn reload_refused(&self) {
        self.0.reloads.get_or_create(&REFUSED).inc();
    }

    /// A connection was opened; it counts until what is given is dropped.
    #[must_use]
    pub fn connection_opened(&self) -> OpenGuard {
        OpenGuard::of(&self.0.connections)
    }

    /// A search was answered, after so long.
    pub fn searched(&self, response: &SearchResponse, took: Duration) {
        self.0.search_seconds.observe(took.as_secs_f64());
        self.count(SearchOutcome::of(response));
    }

    /// A search was answered as it was before.
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

    /// What is served from now on: a generation, taken to be intact, and the cases in it.
    pub fn set_generation(&self, generation: &str, cases: u64) {
        *self.0.served.write().unwrap_or_else(PoisonError::into_inner) = ServedGeneration {
            generation: generation.to_owned(),
            cases,
            is_intact: true,
        };
    }

    /// Whether the generation served is as it was built.
    pub fn set_intact(&self, is_intact: bool) {
        self.0.served.write().unwrap_or_else(PoisonError::into_inner).is_intact = is_intact;
    }

    /// A search went without its line in the log of searches.
    pub fn search_log_dropped(&self) {
        self.0.log_dropped.inc();
    }

    /// A request came in; it counts until what is given is dropped.
    pub(crate) fn request_started(&self) -> OpenGuard {
        OpenGuard::of(&self.0.in_flight)
    }

    /// A request has its answer.
    pub(crate) fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let route = route.to_owned();
        let labels = RequestLabels { route, method, status };
        self.0.requests.get_or_create(&labels).inc();
        let RequestLabels { route, .. } = labels;
        let seconds = self.0.request_seconds.get_or_create(&RouteLabel { route });
        seconds.observe(took.as_secs_f64());
    }

    /// All of it as text.
    ///
    /// # Errors
    /// None that a text in memory gives.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

impl MetricsInner {
    /// Names everything that is counted. Counters get `_total`, and infos `_info`, as they are written.
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

/// Something open, counted by a gauge until it is dropped.
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
    /// Its name, empty before there is one.
    generation: String,
    cases: u64,
    is_intact: bool,
}

/// What is only known when it is asked for.
#[derive(Debug)]
struct ScrapeCollector {
    served: Arc<RwLock<ServedGeneration>>,
    /// Seconds since 1970.
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

/// Seconds since 1970.
fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs_f64()
}

/// The memory of this process that is in use, where the system says it.
fn resident_bytes() -> Option<u64> {
    // Unlike `statm`, it counts in a unit that is the same on every machine.
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = kibibytes.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The name of a method among the labels: one of a closed list, as a client may send any.
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
