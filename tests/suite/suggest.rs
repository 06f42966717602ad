//! `/v1/suggest`.

use rex_tests::{Server, Site};
use serde_json::Value;

fn suggest(server: &Server, parameters: &str) -> Value {
    let answer = server.get(&format!("/v1/suggest?{parameters}"));
    assert_eq!(answer.status, 200, "{parameters}: {}", answer.body);
    answer.json()
}

fn suggestions(answer: &Value) -> Vec<Value> {
    answer["suggestions"].as_array().expect("suggestions").clone()
}

fn texts(answer: &Value) -> Vec<String> {
    let texts = suggestions(answer)
        .into_iter()
        .filter_map(|suggestion| suggestion["text"].as_str().map(str::to_owned));
    texts.collect()
}

#[test]
fn as_many_are_given_as_are_asked_for() {
    let site = Site::shipped();
    let server = site.serve();
    assert_eq!(texts(&suggest(&server, "q=zzzzz")), [] as [&str; 0]);
    assert_eq!(texts(&suggest(&server, "q=e&limite=2")).len(), 2);
    assert_eq!(texts(&suggest(&server, "")).len(), 8);
}

#[test]
fn the_answer_has_the_shape_of_the_contract() {
    let site = Site::shipped();
    let server = site.serve();
    let answer = suggest(&server, "q=m%27tsam");
    assert_eq!(answer["query"], "m'tsam");
    assert!(answer["generation"].as_str().is_some_and(|name| name.starts_with("g-")));
    let all = suggestions(&answer);
    let territory = all.iter().find(|suggestion| suggestion["kind"] == "territoire");
    assert_eq!(
        territory.expect("a territory"),
        &serde_json::json!({"text": "Mtsamboro", "kind": "territoire", "count": 1, "html": "<mark>Mtsam</mark>boro"})
    );
    let title = all
        .iter()
        .find(|suggestion| suggestion["kind"] == "titre")
        .expect("a title");
    assert_eq!(title["url"], "/cas/mtsamboro-guichet-bancaire-bambou");
    assert!(
        title["html"].as_str().is_some_and(
            |html| html.contains("Guichet automatique bancaire") && html.contains("à <mark>Mtsam</mark>boro")
        )
    );
    assert_eq!(server.get(title["url"].as_str().expect("an address")).status, 200);
}

#[test]
fn a_bad_parameter_is_a_problem_that_names_it() {
    let site = Site::shipped();
    let server = site.serve();
    let long = format!("q={}", "x".repeat(513));
    for (parameters, parameter, detail) in [
        ("limite=0", "limite", "expected a whole number, 1 to 20"),
        ("limite=dix", "limite", "expected a whole number, 1 to 20"),
        ("limit=5", "limit", "the nearest is \"limite\""),
        ("q=a&theme=b", "theme", "unknown parameter"),
        ("q=%ff", "q", "not UTF-8"),
        (&long, "q", "513 characters, expected at most 512"),
    ] {
        let answer = server.get(&format!("/v1/suggest?{parameters}"));
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (400, "application/problem+json"),
            "{parameters}"
        );
        let problem = answer.json();
        assert_eq!(problem["parameter"], parameter);
        assert!(
            problem["detail"].as_str().is_some_and(|text| text.contains(detail)),
            "{problem}"
        );
    }
}

#[test]
fn a_generation_without_its_completions_is_not_served() {
    let site = Site::shipped();
    site.run(&["index"]);
    let first = site.generations();
    let file = site.path().join("index").join(&first[0]).join("completions");
    std::fs::remove_file(file).expect("a file of completions");
    let server = site.serve();
    assert!(!texts(&suggest(&server, "q=cart")).is_empty());
    assert_eq!(site.generations().len(), 2, "it was built again");
}
