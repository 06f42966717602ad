//! HTTP semantics: caching, compression, CORS and methods.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, Request, StatusCode};
use axum::response::Response;
use rex_indexer::IndexWriter;
use rex_search::Engine;
use rex_server::{AllowedOrigins, AppState, Site, router};
use tantivy::directory::RamDirectory;
use tower::ServiceExt;

/// One readable address of each kind.
const READ: [&str; 14] = [
    "/",
    "/recherche?q=tri",
    "/cas/a",
    "/v1/search?q=tri",
    "/v1/cases/a",
    "/v1/cases/a/similar",
    "/v1/suggest?q=tr",
    "/v1/facets/theme?q=tri",
    "/v1/export.csv",
    "/v1/feed.atom",
    "/v1/openapi.json",
    "/v1/docs",
    "/sitemap.xml",
    "/robots.txt",
];

fn state(generation: &str) -> AppState {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    let record = serde_json::json!({"id": "a", "titre": "Tri des déchets", "themes": ["tri"], "sections": [
        {"titre": "Texte", "texte": "Le tri des déchets, longuement. ".repeat(50)},
    ]});
    writer.add(&serde_json::from_value(record).unwrap()).unwrap();
    writer.finish().unwrap();
    AppState::new(Engine::open(directory, generation).unwrap(), Site::default())
}

async fn send(state: AppState, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    router(state)
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    send(state("g-1"), Method::GET, path, headers).await
}

fn header(response: &Response, name: &str) -> String {
    let values = response.headers().get_all(name).iter();
    values
        .map(|value| value.to_str().unwrap())
        .collect::<Vec<_>>()
        .join(", ")
}

#[tokio::test]
async fn a_matching_etag_gives_304() {
    for path in READ {
        let first = get(path, &[]).await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        let tag = header(&first, "etag");
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        assert_eq!(header(&first, "cache-control"), "no-cache", "{path}");
        let strong = tag.trim_start_matches("W/").to_owned();
        for known in [tag.clone(), format!("\"x\", {tag}"), strong, "*".to_owned()] {
            let again = get(path, &[("if-none-match", &known)]).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path} {known}");
            assert_eq!(header(&again, "etag"), tag, "{path}");
            assert!(to_bytes(again.into_body(), 1).await.unwrap().is_empty());
        }
        let other = get(path, &[("if-none-match", "\"x\"")]).await;
        assert_eq!(other.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_tag_changes_with_what_the_answer_is_made_of() {
    let tag = async |state: AppState, path: &str| header(&send(state, Method::GET, path, &[]).await, "etag");
    let search = "/v1/search?q=tri";
    let first = tag(state("g-1"), search).await;
    assert_eq!(tag(state("g-1"), search).await, first);
    assert_ne!(tag(state("g-2"), search).await, first, "another generation");
    assert_ne!(
        tag(state("g-1").with_settings_digest("x"), search).await,
        first,
        "other settings"
    );
    assert_ne!(tag(state("g-1"), "/v1/search?q=trier").await, first, "another request");
    let case = "/v1/cases/a";
    assert_eq!(
        tag(state("g-1"), case).await,
        tag(state("g-2"), case).await,
        "the case is the same"
    );
}

#[tokio::test]
async fn errors_and_health_are_not_kept() {
    for path in ["/v1/search?x=1", "/v1/cases/none", "/v1/none", "/health", "/ready"] {
        let response = get(path, &[]).await;
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        assert_eq!(header(&response, "etag"), "", "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_where_the_client_accepts_it() {
    for (accepted, encoding) in [
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("identity", ""),
        ("zstd", ""),
    ] {
        for path in ["/v1/search?q=tri", "/v1/export.csv", "/recherche?q=tri"] {
            let response = get(path, &[("accept-encoding", accepted)]).await;
            assert_eq!(header(&response, "content-encoding"), encoding, "{path} {accepted}");
            assert!(header(&response, "vary").contains("accept-encoding"), "{path}");
        }
    }
}

#[tokio::test]
async fn every_origin_may_read_unless_some_are_named() {
    let from = |origin: &'static str| [("origin", origin)];
    let response = get("/v1/search", &from("https://a.fr")).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert!(header(&response, "access-control-expose-headers").contains("etag"));

    let only = || state("g-1").with_origins(AllowedOrigins::Only(vec![HeaderValue::from_static("https://a.fr")]));
    let response = send(only(), Method::GET, "/v1/search", &from("https://a.fr")).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "https://a.fr");
    assert!(header(&response, "vary").contains("origin"));
    let response = send(only(), Method::GET, "/v1/search", &from("https://b.fr")).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_preflight_allows_what_clients_send() {
    let asked = [
        ("origin", "https://a.fr"),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-type,x-meilisearch-client",
        ),
    ];
    let response = send(state("g-1"), Method::OPTIONS, "/v1/search", &asked).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "access-control-allow-headers"), asked[2].1);
    assert!(header(&response, "access-control-allow-methods").contains("POST"));
    assert_eq!(header(&response, "access-control-max-age"), "86400");
}

#[tokio::test]
async fn options_names_the_methods_and_head_gives_the_headers() {
    for path in READ {
        let options = send(state("g-1"), Method::OPTIONS, path, &[]).await;
        assert_eq!(options.status(), StatusCode::NO_CONTENT, "{path}");
        assert_eq!(header(&options, "allow"), "GET,HEAD", "{path}");
        let head = send(state("g-1"), Method::HEAD, path, &[]).await;
        let whole = get(path, &[]).await;
        assert_eq!(head.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&head, "content-type"), header(&whole, "content-type"), "{path}");
        assert_eq!(header(&head, "etag"), header(&whole, "etag"), "{path}");
        assert!(to_bytes(head.into_body(), 1).await.unwrap().is_empty());
        let refused = send(state("g-1"), Method::DELETE, path, &[]).await;
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(header(&refused, "allow"), "GET,HEAD", "{path}");
    }
    let nowhere = send(state("g-1"), Method::OPTIONS, "/v1/none", &[]).await;
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_same_search_has_one_address() {
    for (path, canonical) in [
        ("/v1/search", "<http://rex.fr/v1/search>; rel=\"canonical\""),
        (
            "/v1/search?page=1&theme=tri&q=+tri&tri=pertinence",
            "<http://rex.fr/v1/search?q=tri&theme=tri>; rel=\"canonical\"",
        ),
        (
            "/v1/search?facettes=theme,cpv&theme=b&theme=a&q=tri++d",
            "<http://rex.fr/v1/search?q=tri%20d&theme=a&theme=b&facettes=cpv%2Ctheme>; rel=\"canonical\"",
        ),
    ] {
        let response = get(path, &[("host", "rex.fr")]).await;
        assert_eq!(header(&response, "link"), canonical);
    }
    for (path, canonical) in [
        (
            "/recherche?theme=tri&q=tri&utm_source=x",
            "https://rex.fr/recherche?q=tri&#38;theme=tri",
        ),
        ("/", "https://rex.fr/"),
        ("/cas/a?q=tri", "https://rex.fr/cas/a"),
    ] {
        let response = get(path, &[("host", "rex.fr"), ("x-forwarded-proto", "https")]).await;
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let html = String::from_utf8(body.to_vec()).unwrap();
        assert!(
            html.contains(&format!("<link rel=\"canonical\" href=\"{canonical}\">")),
            "{path}: {html}"
        );
    }
}
