//! What a request may cost, whatever it holds.

use rex_tests::{Client, Site};
use serde_json::{Value, json};

/// Sends a batch of this many searches; the status, and the body as text.
fn batch(client: &Client, count: usize) -> (u16, String) {
    let search = json!({"indexUid": "rex", "q": "collecte des cartons", "facets": ["*"]});
    let queries: Vec<Value> = vec![search; count];
    let answer = client
        .post("/multi-search", &json!({"queries": queries}))
        .expect("an answer");
    (answer.status, answer.body)
}

#[test]
fn all_searches_of_a_batch_share_one_deadline() {
    let site = Site::shipped();
    site.write("rex.toml", "[limits]\nsearch_ms = 1\n");
    let server = site.serve();
    let client = Client::of(server.address());
    // Fifty searches with all counts take longer than a millisecond on any machine; each alone would be given as long.
    let (status, body) = batch(&client, 50);
    assert_eq!(status, 503, "{body}");
    assert!(body.contains("took too long"), "{body}");
}

#[test]
fn the_rate_limit_counts_each_search_of_a_batch() {
    let site = Site::shipped();
    site.write("rex.toml", "[limits]\nrate = 1\nburst = 600\n");
    let server = site.serve();
    let client = Client::of(server.address());
    let statuses: Vec<u16> = (0..30).map(|_| batch(&client, 40).0).collect();
    let answered = statuses.iter().filter(|status| **status == 200).count();
    assert!(
        (15..30).contains(&answered),
        "600 searches and one more a second: {statuses:?}"
    );
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn the_length_of_a_query_is_that_of_its_normal_form() {
    let site = Site::shipped();
    let server = site.serve();
    // Each stands for 18 characters.
    let long = "%EF%B7%BA".repeat(512);
    for path in [
        "/v1/search?q=",
        "/v1/suggest?q=",
        "/v1/facets/titulaire?q=",
        "/v1/facets/theme?recherche=",
        "/v1/export.csv?q=",
    ] {
        let answer = server.get(&format!("{path}{long}"));
        let problem = answer.json();
        assert_eq!(answer.status, 400, "{path}: {problem}");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(
            detail.contains("512 characters, which stand for 9216 (Unicode NFKC), expected at most 512"),
            "{detail}"
        );
    }
    assert_eq!(
        server.get(&format!("/v1/search?q={}", "%EF%B7%BA".repeat(28))).status,
        200
    );
}
