//! Cases near in meaning, and records that lack a word.

use rex_tests::{Site, ids};
use serde_json::{Value, json};

/// Two cases about meals, and one about something else. No case has the word "boisson".
const MEALS: &str = r#"{"id": "restaurant", "titre": "Restaurant scolaire\u001b[5m et repas des écoles", "sections": [{"titre": "", "texte": "Des repas servis sur place."}]}
{"id": "traiteur", "titre": "Traiteur : plateaux-repas et cuisine"}
{"id": "toiture", "titre": "Réfection de toiture"}
"#;

fn meals() -> Site {
    let site = Site::empty();
    site.write("corpus/repas.jsonl", MEALS);
    site
}

#[test]
fn the_terminal_shows_cases_near_in_meaning_apart() {
    let site = meals();
    let ran = site.run(&["search", "cuisine boisson"]);
    let text = ran.stdout();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    assert!(text.starts_with("1 case in "), "{text}");
    let near = "\nNear in meaning:\n    Restaurant scolaire\\u{1b}[5m et repas des écoles\n    restaurant · même sujet : repas";
    assert!(text.contains(near), "{text}");
    let alone = site.run(&["search", "boisson"]).stdout();
    assert!(
        alone.starts_with("0 cases in ") && alone.contains("\nNear in meaning:\n    Traiteur"),
        "{alone}"
    );
    assert!(!site.run(&["search", "cuisine"]).stdout().contains("Near in meaning"));
}

#[test]
fn an_explanation_says_what_meaning_added() {
    let site = meals();
    let ran = site.run(&["explain", "repas boisson", "traiteur"]);
    let text = ran.stdout();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr());
    let number = |line: &str| line.get(..9).and_then(|number| number.trim().parse::<f64>().ok());
    let line = text
        .lines()
        .find(|line| line.contains("near in meaning, similarity 0."));
    assert!(line.and_then(number).is_some_and(|added| added > 0.0), "{text}");
    assert!(text.contains("boisson ~ repas 0."), "{text}");
    let parts: Vec<f64> = text.lines().filter_map(number).collect();
    let (total, parts) = parts.split_last().expect("a total");
    assert!((parts.iter().sum::<f64>() - total).abs() < 0.02, "{text}");
    // It is no hit of the first hundred.
    let less = site.run(&["explain", "réfection boisson", "traiteur"]).stdout();
    assert!(less.contains("    0.000  near in meaning, similarity 0."), "{less}");
    assert!(
        less.contains(", but it does not pass a record with all the words in"),
        "{less}"
    );
}

#[test]
fn meaning_can_be_turned_off() {
    let site = meals();
    site.write("rex.toml", "[search]\nmeaning = false\n");
    let text = site.run(&["search", "cuisine boisson"]).stdout();
    assert!(
        text.starts_with("1 case in ") && !text.contains("Near in meaning"),
        "{text}"
    );
    assert!(
        !site
            .run(&["explain", "repas boisson", "traiteur"])
            .stdout()
            .contains("meaning")
    );
    let server = site.serve();
    assert_eq!(server.search("q=boisson").get("near_by_meaning"), None);
    assert!(!server.get("/recherche?q=boisson").body.contains("Proches par le sens"));
}

#[test]
fn only_the_search_and_its_page_have_cases_near_in_meaning() {
    let server = meals().serve();
    let answer = server.search("q=boisson");
    assert_eq!((&answer["total"], ids(&answer)), (&json!(0), vec![]));
    assert_eq!(answer["near_by_meaning"][0]["id"], "traiteur");
    assert!(server.get("/recherche?q=boisson").body.contains("Proches par le sens"));
    for path in [
        "/v1/export.csv?q=boisson",
        "/v1/feed.atom?q=boisson",
        "/indexes/rex/search?q=boisson",
        "/v1/suggest?q=boisson",
        "/v1/facets/acheteur?recherche=boisson",
    ] {
        let body = server.get(path).body;
        assert!(!body.contains("raiteur") && !body.contains("near"), "{path}: {body}");
    }
    assert_eq!(
        server.get("/sitemap.xml").body.matches("<loc>").count(),
        4,
        "the home page and each case once"
    );
}

/// Forty records that mention both words in a long text, two about one of them, and three hundred others.
fn amiante() -> Site {
    let filler = "Texte courant sur un sujet quelconque. ".repeat(12);
    let text = |texte: String| json!([{"titre": "", "texte": texte}]);
    let mentions = (0..40).map(|rank| {
        json!({"id": format!("mention-{rank:02}"), "titre": "Un autre sujet", "sections": text(format!("{filler} amiante, puis bien plus loin le dossier. {filler}"))})
    });
    let about = [("amiante", "L'amiante"), ("retrait", "Amiante : le retrait")]
        .map(|(id, titre)| json!({"id": id, "titre": titre, "sections": text("L'amiante. ".repeat(8))}));
    let others = (0..300).map(
        |rank| json!({"id": format!("autre-{rank:03}"), "titre": "Rien de tel", "sections": text(filler.clone())}),
    );
    let lines: Vec<String> = mentions
        .chain(about)
        .chain(others)
        .map(|record: Value| record.to_string())
        .collect();
    let site = Site::empty();
    site.write("corpus/textes.jsonl", lines.join("\n"));
    site
}

#[test]
fn records_that_lack_a_word_are_left_out_everywhere_on_demand() {
    let site = amiante();
    let server = site.serve();
    for (matching, total, lacking) in [
        ("", 42, json!(2)),
        ("&matching=most", 42, json!(2)),
        ("&matching=all", 40, Value::Null),
    ] {
        let query = format!("q=dossier%20amiante{matching}");
        let answer = server.search(&query);
        assert_eq!(
            (&answer["total"], &answer["suggestions"]["lacking_words"]),
            (&json!(total), &lacking),
            "{query}"
        );
        assert_eq!(ids(&answer).contains(&"amiante"), total == 42, "{query}");
        let table = server.get(&format!("/v1/export.csv?{query}")).body;
        assert_eq!(table.trim_end().lines().count(), 1 + total, "{query}");
        let feed = server.get(&format!("/v1/feed.atom?{query}")).body;
        assert_eq!(feed.matches("<entry>").count(), total, "{query}");
        let page = server.get(&format!("/recherche?{query}")).body;
        assert_eq!(page.contains("2 cas n’ont pas tous les mots."), total == 42, "{query}");
        // The export and the feed of a page are those of its hits.
        let link = format!(
            "/v1/export.csv?q=dossier%20amiante{}",
            if total == 40 { "&#38;matching=all" } else { "" }
        );
        assert!(page.contains(&format!("href=\"{link}\"")), "{link}");
    }
    for (strategy, total) in [("last", 42), ("frequency", 42), ("all", 40)] {
        let answer = server
            .get(&format!(
                "/indexes/rex/search?q=dossier%20amiante&matchingStrategy={strategy}"
            ))
            .json();
        assert_eq!(answer["estimatedTotalHits"], total, "{strategy}");
    }
    let refused = server.get("/v1/search?q=a&matching=some");
    assert_eq!(
        (refused.status, refused.json()["parameter"].as_str()),
        (400, Some("matching"))
    );
    let ran = site.run(&["search", "dossier amiante", "--matching", "all"]);
    assert!(ran.stdout().starts_with("40 cases in "), "{}", ran.stdout());
}
