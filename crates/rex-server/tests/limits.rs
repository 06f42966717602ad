//! Limits over real connections: requests are rejected at once, and the server goes on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use rex_indexer::IndexWriter;
use rex_search::Engine;
use rex_server::{AppState, HotSwap, Limits, Rate, Site, serve};
use tantivy::directory::RamDirectory;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

fn engine(titles: &[&str], generation: &str) -> Engine {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for (rank, titre) in titles.iter().enumerate() {
        let record = serde_json::json!({"id": format!("c{rank}"), "titre": titre});
        writer.add(&serde_json::from_value(record).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    Engine::open(directory, generation).unwrap()
}

struct Running {
    address: SocketAddr,
    live: HotSwap,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Running {
    async fn within(limits: Limits) -> Self {
        let state = AppState::new(engine(&["Tri des déchets"], "g-1"), Site::default());
        let live = HotSwap::new(state.with_limits(limits));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = live.clone();
        let server = tokio::spawn(async move {
            serve(listener, served, async { stopped.await.unwrap_or_default() })
                .await
                .unwrap();
        });
        Self {
            address,
            live,
            stop,
            server,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// The whole response to a request on its own connection.
    async fn ask(&self, head: &str) -> String {
        let mut stream = self.connect().await;
        let request = format!("{head}Host: rex\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        read(&mut stream).await
    }

    async fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\n")).await
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer
        .get("HTTP/1.1 ".len()..)
        .and_then(|rest| rest.get(..3))
        .unwrap_or_default()
}

fn seconds(limits: Limits, header: u64) -> Limits {
    Limits {
        header_time: Duration::from_secs(header),
        ..limits
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_keep_browsers_safe_and_no_banner() {
    let server = Running::within(Limits::default()).await;
    for path in [
        "/",
        "/recherche?q=tri",
        "/v1/search?q=tri",
        "/rex-search.js",
        "/rien",
        "/v1/rien",
        "/health",
    ] {
        let answer = server.get(path).await.to_lowercase();
        for header in [
            "x-content-type-options: nosniff",
            "content-security-policy: ",
            "referrer-policy: ",
            "x-frame-options: deny",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: cross-origin",
            "permissions-policy: ",
        ] {
            assert!(answer.contains(&format!("\r\n{header}")), "{path}: {header}");
        }
        assert!(
            !answer.contains("\r\nserver:") && !answer.contains("\r\nset-cookie:"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_too_long_is_refused() {
    let server = Running::within(Limits::default()).await;
    let answer = server.get(&format!("/v1/search?q={}", "a".repeat(17 << 10))).await;
    assert_eq!(status(&answer), "414");
    assert!(answer.contains("urn:rex:problem:address-too-long"), "{answer}");
    let answer = server
        .ask(&format!("GET / HTTP/1.1\r\nX-Long: {}\r\n", "a".repeat(40 << 10)))
        .await;
    assert_eq!(status(&answer), "431");
    let many: String = (0..100).map(|rank| format!("X-{rank}: 1\r\n")).collect();
    assert_eq!(status(&server.ask(&format!("GET / HTTP/1.1\r\n{many}")).await), "431");
    assert_eq!(status(&server.ask("GET /\r\n").await), "400");
    assert_eq!(status(&server.get("/v1/search?q=tri").await), "200");
}

#[tokio::test]
async fn a_client_over_its_rate_gets_retry_after_and_monitoring_is_exempt() {
    let server = Running::within(Limits {
        rate: Some(Rate {
            per_second: NonZeroU32::MIN,
            burst: NonZeroU32::new(3).unwrap(),
        }),
        ..Limits::default()
    })
    .await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let answer = server.get("/v1/search?q=tri").await;
        if status(&answer) == "429" {
            assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
        }
        statuses.push(status(&answer).to_owned());
    }
    assert_eq!(statuses[..3], ["200", "200", "200"]);
    assert!(statuses[3..].contains(&"429".to_owned()), "{statuses:?}");
    for _ in 0..10 {
        assert_eq!(status(&server.get("/health").await), "200");
    }
    // The local proxy names another client, which has its own allowance.
    let other = server
        .ask("GET /v1/search HTTP/1.1\r\nX-Forwarded-For: 203.0.113.5\r\n")
        .await;
    assert_eq!(status(&other), "200");
}

#[tokio::test]
async fn one_connection_too_many_is_answered_503_and_the_next_one_after_it_ends() {
    let server = Running::within(Limits {
        connections: 2,
        ..Limits::default()
    })
    .await;
    let held = [server.connect().await, server.connect().await];
    // Connections are accepted in order: the third exceeds the limit.
    let answer = server.get("/health").await;
    assert_eq!(status(&answer), "503");
    assert!(answer.contains("retry-after: 1"), "{answer}");
    drop(held);
    let until = Instant::now() + Duration::from_secs(30);
    while status(&server.get("/health").await) != "200" {
        assert!(Instant::now() < until, "the places are not given back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn clients_that_do_not_finish_or_start_a_request_are_disconnected() {
    let server = Running::within(seconds(Limits::default(), 1)).await;
    for sent in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: rex\r\nX-Slow:"] {
        let mut stream = server.connect().await;
        stream.write_all(sent.as_bytes()).await.unwrap();
        let cut = tokio::time::timeout(Duration::from_secs(30), read(&mut stream)).await;
        assert!(cut.is_ok(), "not cut after {sent:?}");
    }
    // Single bytes now and then are no request either.
    let mut stream = server.connect().await;
    let drip = async {
        for byte in "GET / HTTP/1.1\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".bytes() {
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let mut answer = Vec::new();
        // A connection cut in the middle is reset or closed.
        let _ = stream.read_to_end(&mut answer).await;
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), drip).await.is_ok());
    assert_eq!(status(&server.get("/v1/search?q=tri").await), "200");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Running::within(seconds(Limits::default(), 1)).await;
    let mut stream = server.connect().await;
    let head = "POST /indexes/rex/search HTTP/1.1\r\nHost: rex\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(30), read(&mut stream)).await;
    assert_eq!(status(&answer.expect("it is answered, and closed")), "408");
}

#[tokio::test]
async fn requests_under_way_end_after_the_server_is_asked_to_stop() {
    let server = Running::within(Limits::default()).await;
    // The server has read a part of the head.
    let mut idle = server.connect().await;
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: rex\r\n\r\n")
        .await
        .unwrap();
    let mut some = [0; 12];
    idle.read_exact(&mut some).await.unwrap();
    server.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(9), server.server)
        .await
        .expect("an idle connection does not hold up the end")
        .unwrap();
    assert!(
        TcpStream::connect(server.address).await.is_err(),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn another_generation_is_served_from_one_request_to_the_next() {
    let server = Running::within(Limits::default()).await;
    assert!(server.get("/ready").await.contains("\"generation\":\"g-1\""));
    server.live.swap_backend(engine(&["Un", "Deux"], "g-2"));
    let answer = server.get("/v1/search").await;
    assert!(
        answer.contains("\"generation\":\"g-2\"") && answer.contains("\"total\":2"),
        "{answer}"
    );
    server.live.make_unavailable();
    for path in ["/v1/search?q=deux", "/ready", "/v1/cases/c1", "/recherche?q=deux"] {
        let answer = server.get(path).await;
        assert_eq!(status(&answer), "503", "{path}");
        assert!(answer.contains("retry-after: 60"), "{answer}");
    }
    assert_eq!(status(&server.get("/health").await), "200");
    server.live.swap_backend(engine(&["Trois"], "g-3"));
    assert_eq!(status(&server.get("/ready").await), "200");
}
