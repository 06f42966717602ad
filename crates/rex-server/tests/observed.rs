//! Metrics, request ids and logs, and the data that they must not contain.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Response;
use rex_indexer::IndexWriter;
use rex_search::Engine;
use rex_server::{AppState, Refusal, SearchLog, Site, router};
use serde_json::Value;
use tantivy::directory::RamDirectory;
use tower::ServiceExt;

fn state() -> AppState {
    AppState::new(engine("g-20261101T120000000Z-1a2b3c4d"), Site::default())
}

fn engine(generation: &str) -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for title in ["Tri des déchets", "Collecte des cartons"] {
        let record = serde_json::json!({"id": title.replace(' ', "-"), "titre": title});
        writer.add(&serde_json::from_value(record).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    Engine::open(directory, generation).unwrap()
}

async fn send(router: &Router, request: Request<Body>) -> Response {
    router.clone().oneshot(request).await.unwrap()
}

async fn get(router: &Router, path: &str) -> Response {
    send(router, Request::builder().uri(path).body(Body::empty()).unwrap()).await
}

async fn text(response: Response) -> String {
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

async fn metrics(router: &Router) -> String {
    text(get(router, "/metrics").await).await
}

/// The value of a time series, as text.
fn value<'a>(metrics: &'a str, series: &str) -> Option<&'a str> {
    metrics
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))
}

#[tokio::test]
async fn metrics_are_prometheus_text_and_not_stored() {
    let router = router(state());
    let response = get(&router, "/metrics").await;
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!((header("cache-control"), header("etag")), (Some("no-store"), None));
    let metrics = text(response).await;
    let served = r#"rex_generation_info{generation="g-20261101T120000000Z-1a2b3c4d"}"#;
    assert_eq!(value(&metrics, served), Some("1"), "{metrics}");
    let age: f64 = value(&metrics, "rex_generation_age_seconds").unwrap().parse().unwrap();
    assert!(age > 0.0, "{age}");
    for (series, expected) in [
        ("rex_generation_cases", "2"),
        ("rex_generation_intact", "1"),
        ("rex_requests_in_flight", "1"),
        ("rex_connections", "0"),
        ("rex_panics_total", "0"),
        ("rex_search_log_dropped_total", "0"),
        (r#"rex_reloads_total{outcome="moved"}"#, "0"),
        (r#"rex_reloads_total{outcome="refused"}"#, "0"),
        (
            concat!(r#"rex_build_info{version=""#, env!("CARGO_PKG_VERSION"), r#""}"#),
            "1",
        ),
    ] {
        assert_eq!(value(&metrics, series), Some(expected), "{series} in {metrics}");
    }
    for reason in Refusal::ALL.map(Refusal::name) {
        let series = format!(r#"rex_refusals_total{{reason="{reason}"}}"#);
        assert_eq!(value(&metrics, &series), Some("0"), "{metrics}");
    }
    if cfg!(target_os = "linux") {
        let bytes: u64 = value(&metrics, "process_resident_memory_bytes")
            .unwrap()
            .parse()
            .unwrap();
        assert!(bytes > 1 << 20, "{bytes}");
    }
}

#[tokio::test]
async fn requests_count_by_route_and_never_by_what_they_name() {
    let router = router(state());
    for path in [
        "/cas/a",
        "/cas/b",
        "/cas/Tri-des-déchets",
        "/inconnu/x",
        "/v1/y",
        "/indexes/rex/z/1",
    ] {
        get(&router, &percent(path)).await;
    }
    let request = Request::builder().method("BREW").uri("/").body(Body::empty()).unwrap();
    send(&router, request).await;
    let metrics = metrics(&router).await;
    for (series, expected) in [
        (
            r#"rex_requests_total{route="/cas/{id}",method="GET",status="404"}"#,
            "2",
        ),
        (
            r#"rex_requests_total{route="/cas/{id}",method="GET",status="200"}"#,
            "1",
        ),
        (r#"rex_requests_total{route="other",method="GET",status="404"}"#, "3"),
        (r#"rex_requests_total{route="/",method="other",status="405"}"#, "1"),
        (r#"rex_request_duration_seconds_count{route="/cas/{id}"}"#, "3"),
    ] {
        assert_eq!(value(&metrics, series), Some(expected), "{series} in {metrics}");
    }
    assert!(
        !metrics.contains("inconnu") && !metrics.contains("BREW") && !metrics.contains("Tri"),
        "{metrics}"
    );
}

/// Percent-encodes the accents of a path.
fn percent(path: &str) -> String {
    path.replace('é', "%C3%A9")
}

#[tokio::test]
async fn searches_count_by_what_they_found() {
    let router = router(state());
    for query in ["tri", "cartosn", "introuvablement", "tri+introuvablement"] {
        get(&router, &format!("/v1/search?q={query}")).await;
    }
    let metrics = metrics(&router).await;
    for (series, expected) in [
        ("rex_searches_total", "4"),
        ("rex_searches_without_result_total", "1"),
        ("rex_searches_relaxed_total", "1"),
        ("rex_searches_corrected_total", "1"),
        ("rex_search_duration_seconds_count", "4"),
    ] {
        assert_eq!(value(&metrics, series), Some(expected), "{series} in {metrics}");
    }
}

#[tokio::test]
async fn a_search_that_comes_again_is_answered_counted_and_logged_as_it_was() {
    const SEARCH: &str = "/v1/search?q=cartosn&type=retour-d-experience";
    let folder = tempfile::tempdir().unwrap();
    let state = state();
    let log = SearchLog::start(folder.path().to_owned(), 1, state.metrics()).unwrap();
    let state = state.with_search_log(log.clone());
    let live = router(state.clone());
    let ask = async |router: &Router, host: &str| {
        let request = Request::builder().uri(SEARCH).header("host", host);
        let response = send(router, request.body(Body::empty()).unwrap()).await;
        let link = response.headers()["link"].to_str().unwrap().to_owned();
        let mut answer: Value = serde_json::from_str(&text(response).await).unwrap();
        let took = answer["took_ms"].take().as_f64().unwrap();
        assert!(took < 10_000.0, "{took}");
        (link, answer)
    };
    let (link, first) = ask(&live, "a.fr").await;
    let (other_link, second) = ask(&live, "b.fr").await;
    assert_eq!(first, second);
    assert_eq!(link.replace("a.fr", "b.fr"), other_link);
    assert_ne!(link, other_link, "it names the host it was asked by");
    let numbers = metrics(&live).await;
    for (series, expected) in [
        ("rex_searches_total", "2"),
        ("rex_searches_kept_total", "1"),
        ("rex_searches_without_result_total", "0"),
        ("rex_searches_corrected_total", "2"),
        ("rex_search_duration_seconds_count", "1"),
    ] {
        assert_eq!(value(&numbers, series), Some(expected), "{series} in {numbers}");
    }

    let (_, other) = ask(&router(state.clone().with_backend(engine("g-other"))), "a.fr").await;
    assert_eq!(other["generation"], "g-other", "another generation answers for itself");
    assert_eq!(get(&router(state.unavailable()), SEARCH).await.status(), 503);
    assert!(log.end());
    let files = rex_server::search_log_files(folder.path()).unwrap();
    let lines: String = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    assert_eq!(lines.matches("cartosn").count(), 3, "{lines}");
}

#[tokio::test]
async fn what_others_tell_is_counted() {
    let state = state();
    let router = router(state.clone());
    let told = state.metrics();
    told.refused(Refusal::Overload);
    told.panicked();
    told.reloaded();
    told.reload_refused();
    told.reload_refused();
    told.set_generation("g-20261102T120000000Z-5e6f7a8b", 7);
    told.set_intact(false);
    let open = told.connection_opened();
    let held = metrics(&router).await;
    drop(open);
    for (series, expected) in [
        (r#"rex_refusals_total{reason="overload"}"#, "1"),
        (r#"rex_refusals_total{reason="slow"}"#, "0"),
        ("rex_panics_total", "1"),
        (r#"rex_reloads_total{outcome="moved"}"#, "1"),
        (r#"rex_reloads_total{outcome="refused"}"#, "2"),
        (
            r#"rex_generation_info{generation="g-20261102T120000000Z-5e6f7a8b"}"#,
            "1",
        ),
        ("rex_generation_cases", "7"),
        ("rex_generation_intact", "0"),
        ("rex_connections", "1"),
    ] {
        assert_eq!(value(&held, series), Some(expected), "{series} in {held}");
    }
    assert_eq!(held.matches("rex_generation_info{").count(), 1);
    assert_eq!(value(&metrics(&router).await, "rex_connections"), Some("0"));
}

#[tokio::test]
async fn an_id_of_the_client_is_kept_if_it_can_stand_anywhere() {
    let router = router(state());
    let id = async |sent: Option<&str>| {
        let request = sent.map_or_else(Request::builder, |id| Request::builder().header("x-request-id", id));
        let request = request.uri("/health").body(Body::empty()).unwrap();
        let response = send(&router, request).await;
        response.headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    let longest = "a".repeat(64);
    for kept in ["7", "Trace_42-b", &longest] {
        assert_eq!(id(Some(kept)).await, kept);
    }
    let too_long = "a".repeat(65);
    for refused in ["", "a b", "a\tb", "{\"a\":1}", "é", &too_long] {
        let given = id(Some(refused)).await;
        assert!(
            given.len() == 16 && given.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{given}"
        );
    }
    assert_ne!(id(None).await, id(None).await);
}

/// All log output of this process.
static LOGGED: LazyLock<Logged> = LazyLock::new(|| {
    let logged = Logged::default();
    let writer = logged.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    logged
});

#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Logged {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_is_one_log_line_without_personal_data() {
    let logged = LOGGED.clone();
    let router = router(state());
    for path in [
        "/v1/search?q=secretissime",
        "/recherche?q=secretissime",
        "/cas/secretissime",
        "/secretissime",
    ] {
        let request = Request::builder()
            .uri(path)
            .header("x-request-id", "line-1")
            .header("x-forwarded-for", "198.51.100.7")
            .header("user-agent", "secretissime")
            .header("cookie", "secretissime");
        send(&router, request.body(Body::empty()).unwrap()).await;
    }
    let text = logged.text();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("line-1")).collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(
        lines[0].contains("INFO") && lines[0].contains(r#"request_id="line-1""#),
        "{text}"
    );
    assert!(
        lines[0].contains(r#"method="GET" route="/v1/search" status=200 duration_ms="#),
        "{text}"
    );
    assert!(lines[2].contains(r#"route="/cas/{id}" status=404"#), "{text}");
    assert!(
        !text.contains("secretissime") && !text.contains("198.51.100.7"),
        "{text}"
    );
}

#[test]
fn a_client_that_leaves_is_counted_as_gone() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(leave_before_the_answer());
}

async fn leave_before_the_answer() {
    let router = router(state());
    {
        // The only search thread is kept busy until the client has left.
        let (leave, left) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || left.recv());
        let request = Request::builder().uri("/v1/search?q=tri").body(Body::empty()).unwrap();
        let asked = router.clone().oneshot(request);
        let answer = tokio::time::timeout(Duration::from_millis(10), asked).await;
        assert!(answer.is_err());
        drop(leave);
    }
    let metrics = metrics(&router).await;
    let series = r#"rex_requests_total{route="/v1/search",method="GET",status="499"}"#;
    assert_eq!(value(&metrics, series), Some("1"), "{metrics}");
    assert_eq!(
        value(&metrics, "rex_requests_in_flight"),
        Some("1"),
        "the one that asks"
    );
}

#[tokio::test]
async fn what_the_documentation_asks_itself_is_no_request() {
    let router = router(state());
    assert_eq!(get(&router, "/v1/docs").await.status(), 200);
    let metrics = metrics(&router).await;
    let requests = metrics.lines().filter(|line| line.starts_with("rex_requests_total{"));
    assert_eq!(requests.count(), 1, "{metrics}");
}

/// The names of all time series after some traffic.
async fn names() -> BTreeSet<String> {
    let router = router(state());
    get(&router, "/v1/search?q=tri").await;
    let metrics = metrics(&router).await;
    let series = metrics.lines().filter(|line| !line.starts_with('#'));
    let name = |line: &str| line.split(['{', ' ']).next().map(str::to_owned);
    series.filter_map(name).collect()
}

/// The metrics named in a text.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let is_name = |word: &&str| ["rex_", "process_"].iter().any(|prefix| word.starts_with(prefix));
    words.filter(is_name).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_dashboard_asks_for_metrics_that_there_are() {
    let dashboard: Value = serde_json::from_str(include_str!("../../../deploy/dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    let asked: BTreeSet<String> = targets
        .flat_map(|target| named(target["expr"].as_str().unwrap()))
        .collect();
    let names = names().await;
    let unknown: Vec<_> = asked.difference(&names).collect();
    assert!(unknown.is_empty(), "{unknown:?} not among {names:?}");
    assert!(asked.len() >= 15, "{asked:?}");
    let source = &dashboard["templating"]["list"][0];
    assert_eq!(
        (&source["name"], &source["type"]),
        (&"datasource".into(), &"datasource".into())
    );
}

#[tokio::test]
async fn every_metric_is_documented_and_every_documented_one_is_there() {
    let document = include_str!("../../../docs/METRICS.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `"));
    let documented: BTreeSet<String> = rows.flat_map(|row| named(row.split('`').next().unwrap())).collect();
    let of_histogram = |name: &str| {
        let ends = ["_bucket", "_sum", "_count"];
        ends.iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(name)
            .to_owned()
    };
    let mut names: BTreeSet<String> = names().await.iter().map(|name| of_histogram(name)).collect();
    // Available on Linux only.
    names.insert("process_resident_memory_bytes".to_owned());
    assert_eq!(names, documented);
}
