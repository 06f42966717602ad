//! A Meilisearch filter, sent over HTTP: answered with 200 or 400, never 5xx. A filter and its negation together match every case
//! once.

#![no_main]

use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use libfuzzer_sys::{Corpus, fuzz_target};
use rex_fuzz::{RECORDS, engine};
use rex_server::{AppState, Site, router};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

static ROUTER: LazyLock<Router> = LazyLock::new(|| router(AppState::new(engine(), Site::default())));
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime starts")
});

fuzz_target!(|input: &str| -> Corpus {
    // A list of filters is JSON; anything else is one filter, as typed.
    let filter = match serde_json::from_str(input) {
        Ok(list @ Value::Array(_)) => list,
        _ => Value::String(input.to_owned()),
    };
    let Some(total) = total(&filter) else {
        return Corpus::Keep;
    };
    assert!(total <= RECORDS);
    if filter.is_string() {
        // Refused if empty, or if already at the maximum depth.
        if let Some(others) = self::total(&Value::String(format!("NOT ({input})"))) {
            assert_eq!(total + others, RECORDS, "{input}");
        }
    }
    Corpus::Keep
});

/// Number of cases that match a filter; `None` if it is refused.
fn total(filter: &Value) -> Option<u64> {
    let body = json!({"filter": filter, "hitsPerPage": 1}).to_string();
    let request = Request::post("/indexes/rex/search").header("content-type", "application/json");
    let request = request.body(Body::from(body)).expect("a request is made");
    let (status, answer) = RUNTIME.block_on(async {
        let Ok(response) = ROUTER.clone().oneshot(request).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 22).await;
        (status, body.expect("an answer is bounded"))
    });
    let answer: Value = serde_json::from_slice(&answer).expect("an answer is JSON");
    match status {
        StatusCode::OK => Some(answer["totalHits"].as_u64().expect("a search has a total")),
        StatusCode::BAD_REQUEST => {
            assert!(
                answer["message"]
                    .as_str()
                    .is_some_and(|message| message.len() <= 10_000),
                "{answer}"
            );
            None
        }
        status => panic!("{status}: {answer}"),
    }
}
