//! Results pages: charts, and the data given to the widget.

use axum::response::Response;
use rex_server::{Site, widget_integrity};
use serde_json::{Value, json};

use crate::{ask, header, page};

fn records() -> Vec<Value> {
    vec![
        json!({"id": "a", "titre": "Tri", "montant_ht": 50_000, "territoire": ["Occitanie", "Haute-Garonne", "Toulouse"],
               "sections": [{"titre": "", "texte": "Ce que l'acheteur cherchait, en <quelques> mots."}]}),
        json!({"id": "b", "titre": "Tri", "montant_ht": 900_000, "territoire": ["Occitanie", "Gers"]}),
        json!({"id": "c", "titre": "Autre", "montant_ht": 60_000, "territoire": ["Bretagne"]}),
        json!({"id": "d", "titre": "Autre", "territoire": ["<svg onload=alert(1)>", "\"><script>alert(2)</script>"]}),
    ]
}

async fn get(path: &str) -> (String, String) {
    page(&records(), Site::default(), path).await
}

#[tokio::test]
async fn tiles_and_table_say_where_the_cases_are_and_narrow_to_them() {
    let (page, _) = get("/recherche?q=tri&territoire=Occitanie").await;
    for expected in [
        "<svg class=\"tiles regions\" viewBox=\"0 0 50 60\" role=\"group\" aria-label=\"Régions\">",
        // Selected: a click removes the filter and keeps the words.
        "<a href=\"/recherche?q=tri\" aria-current=\"true\"><title>Occitanie\u{a0}: 2\u{a0}cas</title>",
        "<a href=\"/recherche?q=tri&#38;territoire=Occitanie%20%3E%20Gers\"><title>Gers\u{a0}: 1\u{a0}cas</title>",
        "<tr class=\"below\"><th scope=\"row\"><a href=\"/recherche?q=tri&#38;territoire=Occitanie%20%3E%20Gers\">Gers</a></th><td>1</td></tr>",
        "class=\"l4\"",
    ] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
    // No case in Bretagne matches: its tile is not a link.
    assert!(!page.contains("<title>Bretagne"), "{page}");
    let (page, _) = get("/").await;
    assert!(page.contains("<title>Bretagne\u{a0}: 1\u{a0}cas</title>"), "{page}");
    assert!(
        !page.contains("<svg onload") && !page.contains("<script>alert"),
        "{page}"
    );
}

#[tokio::test]
async fn bars_say_how_amounts_spread_and_narrow_to_them() {
    let (page, _) = get("/").await;
    assert!(
        page.contains("role=\"group\" aria-label=\"Répartition\u{a0}: Montant HT\""),
        "{page}"
    );
    let bars: Vec<&str> = page
        .split("<a href=\"/recherche?montant=")
        .skip(1)
        .filter(|rest| rest.contains("<rect"))
        .collect();
    assert_eq!(bars.len(), 2, "three amounts, two of them in one bar");
    let address = bars[0].split('"').next().unwrap();
    let (page, _) = get(&format!("/recherche?montant={address}")).await;
    assert!(
        page.contains("aria-current=\"true\"") && page.contains("<rect class=\"on\""),
        "{page}"
    );
}

#[tokio::test]
async fn the_first_page_takes_a_search_too() {
    let (page, policy) = get("/").await;
    assert!(
        page.contains("class=\"hero\"") && page.contains("rel=\"canonical\" href=\"http://rex.fr/\""),
        "{page}"
    );
    assert!(policy.contains("script-src 'self'; connect-src 'self'"), "{policy}");
    let (page, _) = get("/?q=tri&utm_source=lettre").await;
    assert!(!page.contains("class=\"hero\""), "{page}");
    assert!(
        page.contains("rel=\"canonical\" href=\"http://rex.fr/recherche?q=tri\""),
        "{page}"
    );
    assert!(page.contains("<title>tri : 2\u{a0}cas · Rex</title>"), "{page}");
}

#[tokio::test]
async fn a_search_is_the_widget_around_what_needs_none() {
    let (page, _) = get("/recherche?q=tri&par_page=5").await;
    for expected in [
        "<rex-search sync-url map look=\"default\" per-page=\"5\">",
        "<script type=\"module\" src=\"/rex-search.js?v=",
        "href=\"/v1/export.csv?q=tri\"",
        "href=\"/v1/feed.atom?q=tri\"",
        "<fieldset class=\"facet\" data-facet=\"territoire\">",
    ] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
}

#[tokio::test]
async fn answers_have_what_a_map_and_a_list_are_made_of() {
    let (body, _) = get("/v1/search?tri=titre").await;
    let answer: Value = serde_json::from_str(&body).unwrap();
    let values = answer["facets"]["territoire"]["values"].as_array().unwrap();
    let of = |name: &str| values.iter().find(|value| value["value"] == name).unwrap();
    assert_eq!(of("Occitanie")["code"], "76");
    assert_eq!(of("Occitanie")["children"][0]["code"], "32");
    assert!(of("<svg onload=alert(1)>").get("code").is_none());
    let toulouse = &of("Occitanie")["children"][1]["children"][0];
    assert_eq!(toulouse["value"], "Toulouse");
    assert!(toulouse.get("code").is_none(), "a commune");
    let hits = answer["hits"].as_array().unwrap();
    let hit = |id: &str| hits.iter().find(|hit| hit["id"] == id).unwrap();
    assert_eq!(hit("a")["extract"], "Ce que l'acheteur cherchait, en <quelques> mots.");
    assert!(hit("b").get("extract").is_none());
    let (body, _) = get("/v1/search?q=cherchait").await;
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert!(answer["hits"][0].get("extract").is_none(), "there is a passage");
}

/// Two cases about meals, and two about something else.
fn meals() -> Vec<Value> {
    vec![
        json!({"id": "restaurant", "titre": "Restaurant <scolaire> et repas des écoles", "acheteur": {"nom": "Ville & Métropole"},
               "territoire": ["Bretagne", "Finistère"], "sections": [{"titre": "", "texte": "Des repas servis sur place."}]}),
        json!({"id": "traiteur", "titre": "Traiteur : plateaux-repas et cuisine", "acheteur": {"nom": "Finistère"},
               "territoire": ["Bretagne", "Finistère"]}),
        json!({"id": "voirie", "titre": "Entretien de la voirie"}),
        json!({"id": "toiture", "titre": "Réfection de toiture"}),
    ]
}

#[tokio::test]
async fn cases_near_in_meaning_are_shown_apart_and_never_counted() {
    // No case has the word "boisson".
    let restaurant = "<a href=\"/cas/restaurant?q=cuisine%20boisson\">Restaurant &#60;scolaire&#62; et repas des écoles</a>\n\
         <ul class=\"facts\"><li>Ville &#38; Métropole</li><li>Finistère</li><li>même sujet : repas";
    // A buyer that is its place is said once.
    let caterer = "<a href=\"/cas/traiteur?q=boisson\">Traiteur : plateaux-repas et cuisine</a>\n\
         <ul class=\"facts\"><li>Finistère</li><li>même sujet : repas";
    for (query, hits, near, item) in [
        ("boisson", 0, "traiteur", caterer),
        ("cuisine%20boisson", 1, "restaurant", restaurant),
    ] {
        let ask = async |path: &str| get_meals(&format!("{path}?q={query}")).await;
        let body = ask("/recherche").await;
        assert_eq!(body.matches("<li class=\"hit\">").count(), hits, "{body}");
        let section = "<section class=\"near\" aria-labelledby=\"proches\">\n\
            <h2 id=\"proches\" class=\"empty-title\">Proches par le sens</h2>";
        let (before, section) = body.split_once(section).unwrap();
        let (section, _) = section.split_once("</section>").unwrap();
        assert_eq!(
            before.contains("Essayez avec moins de mots"),
            hits == 0,
            "the advice comes before: {before}"
        );
        assert!(
            section.contains(item) && (1..=2).contains(&section.matches("<a ").count()),
            "{item} in {section}"
        );

        let answer: Value = serde_json::from_str(&ask("/v1/search").await).unwrap();
        assert_eq!(
            (&answer["total"], &answer["near_by_meaning"][0]["id"]),
            (&json!(hits), &json!(near))
        );
        // What lists hits has no others.
        for path in ["/v1/export.csv", "/v1/feed.atom", "/indexes/rex/search"] {
            let list = ask(path).await;
            assert_eq!(list.contains("Traiteur : "), hits == 1, "{path}: {list}");
            assert!(!list.contains("Restaurant"), "{path}: {list}");
        }
    }
    // Nor is there anything to say where a word finds cases.
    for query in ["voirie", "", "boisson&page=2"] {
        let body = get_meals(&format!("/recherche?q={query}")).await;
        assert!(!body.contains("Proches par le sens"), "{query}: {body}");
    }
}

async fn get_meals(path: &str) -> String {
    page(&meals(), Site::default(), path).await.0
}

#[tokio::test]
async fn the_widget_is_one_small_script_with_a_digest() {
    let (script, _) = get("/rex-search.js").await;
    assert!(script.contains("rex-search") && !script.contains("import "), "one file");
    assert!(!script.contains("/*"), "comments stay at home");
    assert!(widget_integrity().starts_with("sha384-") && widget_integrity().len() == 71);
    // The tag does not depend on the index.
    let tag = |response: &Response| header(response, "etag").to_owned();
    let with_cases = ask(&records(), Site::default(), "/rex-search.js").await;
    let without = ask(&[], Site::default(), "/rex-search.js").await;
    assert!(!tag(&with_cases).is_empty());
    assert_eq!(tag(&with_cases), tag(&without));
}
