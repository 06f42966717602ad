//! `rex explain`, corrections and synonyms.

use rex_tests::{Site, ids};

const TOULOUSE: &str = "toulouse-ramassage-cartons";

#[test]
fn an_explanation_adds_up_and_names_the_rules() {
    let site = Site::shipped();
    let ran = site.run(&["explain", "ramassage cartns MAPA", TOULOUSE]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    let text = ran.stdout();
    for expected in [
        "as typed \"ramassage\" in the title",
        "corrected to \"cartons\"",
        "by the lexicon \"procédure adaptée\"",
        "words near each other",
        "has the procedure that the query names",
        "holds all the words",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
    // The first column has the parts of the score; details are indented.
    let number = |line: &str| line.get(..9).and_then(|number| number.trim().parse::<f64>().ok());
    let parts: Vec<f64> = text.lines().filter_map(number).collect();
    let (total, parts) = parts.split_last().expect("a total");
    assert!((parts.iter().sum::<f64>() - total).abs() < 0.02, "{text}");
    let answer = site.run(&["search", "ramassage cartns MAPA", "--json"]).stdout();
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let score = answer["hits"][0]["score"].as_f64().expect("a score");
    assert!((score - total).abs() < 0.02, "search says {score}, explain {total}");
}

#[test]
fn an_unknown_case_is_an_error() {
    let ran = Site::shipped().run(&["explain", "tri", "nowhere"]);
    assert_eq!(ran.code(), Some(1));
    assert_eq!(
        ran.stderr().trim(),
        "rex: no case has the id \"nowhere\"; `rex search` shows the ids of cases"
    );
}

#[test]
fn what_was_corrected_is_said_and_marked() {
    let site = Site::shipped();
    let server = site.serve();
    let answer = server.search("q=precarit%C3%A9+energetiqe");
    assert_eq!(ids(&answer)[0], "paris-precarite-energetique");
    assert_eq!(
        answer["suggestions"]["corrections"],
        serde_json::json!([{"from": "energetiqe", "to": "énergétique"}])
    );
    assert_eq!(answer["suggestions"]["did_you_mean"], "precarité énergétique");
    let title = answer["hits"][0]["highlights"]["title"].as_str().expect("a title");
    assert!(title.contains("<mark>énergétique</mark>"), "{title}");
    let page = server.get("/recherche?q=precarit%C3%A9+energetiqe").body;
    assert!(page.contains("<strong>énergétique</strong>"), "{page}");
    assert!(server.search("q=99999").get("corrections").is_none());
    assert_eq!(server.search("q=75231241")["total"], 0, "a code is never corrected");
}

#[test]
fn a_publisher_adds_synonyms_without_indexing_again() {
    let site = Site::shipped();
    assert_eq!(site.serve().search("q=zorglub")["total"], 0);
    let generations = site.generations();
    site.write("rex.toml", "[[synonyms]]\nwords = 'zorglub'\nfinds = 'cartons'\n");
    let answer = site.serve().search("q=zorglub");
    assert_eq!(ids(&answer)[0], TOULOUSE);
    assert_eq!(site.generations(), generations);
    site.write("rex.toml", "[[synonyms]]\nwords = '!'\nfinds = 'cartons'\n");
    let ran = site.run(&["search", "tri"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stderr()
            .contains("[[synonyms]] of the configuration: \"!\" has 0 words"),
        "{}",
        ran.stderr()
    );
}
