//! The pages, the widget script and the sitemap, through the router.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod integrate;
mod search;
mod site;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use rex_indexer::IndexWriter;
use rex_search::Engine;
use rex_server::{AppState, Site, router};
use serde_json::Value;
use tantivy::directory::RamDirectory;
use tower::ServiceExt;

/// The response of a server with these records to a path at host `rex.fr`.
async fn ask(records: &[Value], site: Site, path: &str) -> Response {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for record in records {
        writer.add(&serde_json::from_value(record.clone()).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    let state = AppState::new(Engine::open(directory, "g-test").unwrap(), site);
    let request = Request::builder().uri(path).header(header::HOST, "rex.fr");
    let request = request.body(Body::empty()).unwrap();
    router(state).oneshot(request).await.unwrap()
}

/// The body of a successful response.
async fn text(response: Response) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// A response header; empty where absent.
fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// A page and its content security policy.
async fn page(records: &[Value], site: Site, path: &str) -> (String, String) {
    let response = ask(records, site, path).await;
    let policy = header(&response, "content-security-policy").to_owned();
    (text(response).await, policy)
}
