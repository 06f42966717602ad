//! Routes, methods and index uids.

use super::*;

#[tokio::test]
async fn a_body_is_json_of_bounded_size() {
    let path = "/indexes/rex/search";
    for (content_type, body, status, code) in [
        (Some("application/json; charset=utf-8"), "{}".to_owned(), 200, ""),
        (Some("text/plain"), "{}".to_owned(), 415, "invalid_content_type"),
        (None, "{}".to_owned(), 415, "missing_content_type"),
        (Some("application/json"), "{".to_owned(), 400, "malformed_payload"),
        (
            Some("application/json"),
            "\u{feff}{}".to_owned(),
            400,
            "malformed_payload",
        ),
        (Some("application/json"), "[".repeat(100_000), 400, "malformed_payload"),
        (Some("application/json"), String::new(), 400, "missing_payload"),
        (
            Some("application/json"),
            " ".repeat((256 << 10) + 1),
            413,
            "payload_too_large",
        ),
    ] {
        for path in [path, "/multi-search", "/indexes/rex/facet-search"] {
            if status == 200 && path != "/indexes/rex/search" {
                continue;
            }
            let mut request = Request::post(path);
            if let Some(content_type) = content_type {
                request = request.header("content-type", content_type);
            }
            let (given, answer) = send(request.body(Body::from(body.clone())).unwrap()).await;
            assert_eq!(given.as_u16(), status, "{path} {answer}");
            assert_eq!(answer["code"].as_str().unwrap_or_default(), code, "{path}");
        }
    }
}

#[tokio::test]
async fn indexes_and_version_can_be_read() {
    let index = |uid: &str| {
        let built = "2023-10-05T08:15:00.123Z";
        json!({"uid": uid, "createdAt": built, "updatedAt": built, "primaryKey": "id"})
    };
    let (_, all) = get("/indexes").await;
    assert_eq!(
        all,
        json!({"results": [index("rex"), index("cas")], "offset": 0, "limit": 20, "total": 2})
    );
    let (_, second) = get("/indexes?offset=1&limit=1").await;
    assert_eq!(
        second,
        json!({"results": [index("cas")], "offset": 1, "limit": 1, "total": 2})
    );
    assert_eq!(get("/indexes/cas").await, (StatusCode::OK, index("cas")));
    let (_, version) = get("/version").await;
    assert_eq!(
        version,
        json!({"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": env!("CARGO_PKG_VERSION")})
    );
    for (path, code) in [
        ("/indexes?limit=x", "invalid_index_limit"),
        ("/indexes?offset=x", "invalid_index_offset"),
        ("/indexes?ofset=1", "bad_request"),
        ("/indexes/none", "index_not_found"),
    ] {
        assert_eq!(get(path).await.1["code"], code, "{path}");
    }
    assert_eq!(get("/health").await.1["status"], "available");
}

#[tokio::test]
async fn nothing_can_be_written_and_nothing_else_read() {
    for (method, path, status, code) in [
        (Method::POST, "/indexes", 405, "method_not_allowed"),
        (Method::DELETE, "/indexes/rex", 405, "method_not_allowed"),
        (Method::PATCH, "/indexes/rex", 405, "method_not_allowed"),
        (Method::PUT, "/indexes/rex/search", 405, "method_not_allowed"),
        (Method::GET, "/indexes/rex/facet-search", 405, "method_not_allowed"),
        (Method::GET, "/multi-search", 405, "method_not_allowed"),
        (Method::POST, "/version", 405, "method_not_allowed"),
        (Method::POST, "/indexes/rex/documents", 404, "not_found"),
        (Method::GET, "/indexes/rex/settings/synonyms", 404, "not_found"),
        (Method::GET, "/indexes/rex/stats", 404, "not_found"),
    ] {
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .body(Body::empty())
            .unwrap();
        let (given, error) = send(request).await;
        assert_eq!(
            (given.as_u16(), &error["code"]),
            (status, &json!(code)),
            "{method} {path}"
        );
        assert_eq!(error["type"], "invalid_request");
    }
}
