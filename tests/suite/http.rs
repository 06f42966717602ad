//! HTTP by the letter: RFC 9112 and RFC 9110.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rex_tests::{Server, Site};

/// What the server answers to these bytes, until it closes the connection.
fn answer_to(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a socket");
    stream.write_all(request.as_bytes()).expect("a request sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer, and the end");
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_request_names_one_host() {
    let site = Site::shipped();
    let server = site.serve();
    for (head, status) in [
        ("GET /health HTTP/1.1\r\nHost: rex\r\n", 200),
        ("GET /health HTTP/1.0\r\n", 200),
        ("GET /health HTTP/1.1\r\nHost:\r\n", 200),
        ("GET /health HTTP/1.1\r\n", 400),
        ("OPTIONS /health HTTP/1.1\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: rex\r\nHost: rex\r\n", 400),
        ("GET /health HTTP/1.0\r\nHost: a\r\nHost: b\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a/b\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a b\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: me@rex\r\n", 400),
        ("GET http://rex.example/health HTTP/1.1\r\n", 400),
        ("GET http://rex.example/health HTTP/1.1\r\nHost: x\r\n", 200),
    ] {
        let answer = answer_to(&server, &format!("{head}Connection: close\r\n\r\n"));
        let expected = [format!("HTTP/1.1 {status} "), format!("HTTP/1.0 {status} ")];
        assert!(
            expected.iter().any(|start| answer.starts_with(start)),
            "{head:?}: {answer}"
        );
        let lower = answer.to_lowercase();
        assert!(lower.contains("x-content-type-options: nosniff"), "{head:?}: {answer}");
        assert_eq!(
            status == 400,
            answer.contains("urn:rex:problem:malformed-request"),
            "{head:?}"
        );
    }
}

#[test]
fn only_a_host_name_is_repeated_in_links() {
    let site = Site::shipped();
    let server = site.serve();
    for (target, host, expected) in [
        ("/v1/search?q=tri", "rex.example:8080", "http://rex.example:8080/"),
        ("/v1/search?q=tri", "[::1]:8080", "http://[::1]:8080/"),
        ("/v1/search?q=tri", "a_b", "http://localhost/"),
        ("/v1/search?q=tri", ":80", "http://localhost/"),
        ("/v1/search?q=tri", "-", "http://localhost/"),
        ("/v1/search?q=tri", "rex.example:99999", "http://localhost/"),
        // A target in absolute form comes before `Host`.
        (
            "http://site.example/v1/search?q=tri",
            "other.example",
            "http://site.example/",
        ),
        ("http://a_b/v1/search?q=tri", "other.example", "http://localhost/"),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = answer_to(&server, &request);
        let link = answer.lines().find(|line| line.to_lowercase().starts_with("link: "));
        assert!(
            link.is_some_and(|link| link.contains(&format!("<{expected}"))),
            "{target} {host}: {answer}"
        );
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_sent() {
    let site = Site::shipped();
    let server = site.serve();
    for path in ["/multi-search", "/indexes/rex/search", "/indexes/rex/facet-search"] {
        let head = |bytes: u64| {
            format!(
                "POST {path} HTTP/1.1\r\nHost: rex\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\n\
                 Expect: 100-continue\r\n\r\n"
            )
        };
        // The body never comes: an answer that waited for it would be 408.
        let refused = answer_to(&server, &head(300 << 10));
        assert!(refused.starts_with("HTTP/1.1 413 "), "{path}: {refused}");
        assert!(
            answer_to(&server, &head(u64::MAX / 2)).starts_with("HTTP/1.1 413 "),
            "{path}"
        );
        let mut stream = TcpStream::connect(server.address()).expect("a connection");
        stream.write_all(head(2).as_bytes()).expect("a head sent");
        let mut answer = [0; 25];
        stream.read_exact(&mut answer).expect("leave to go on");
        assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n", "{path}");
    }
}
