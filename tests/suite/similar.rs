//! Similar cases, over HTTP and on the page of a case.

use rex_tests::Site;
use serde_json::Value;

const TOULOUSE: &str = "toulouse-ramassage-cartons";
const LYON: &str = "lyon-reemploi-materiel-numerique";
const MAINE_ET_LOIRE: &str = "maine-et-loire-remplacements-colleges";

/// The similarity reasons of a case, if it is in the list.
fn reasons<'a>(answer: &'a Value, id: &str) -> Option<Vec<&'a str>> {
    let found = answer["similar"].as_array()?.iter().find(|near| near["id"] == id)?;
    Some(found["reasons"].as_array()?.iter().filter_map(Value::as_str).collect())
}

#[test]
fn a_case_has_others_near_it_and_why() {
    let site = Site::shipped();
    let server = site.serve();
    let answer = server.get(&format!("/v1/cases/{TOULOUSE}/similar")).json();
    assert_eq!(answer["id"], TOULOUSE);
    assert!(answer["generation"].as_str().is_some_and(|name| name.starts_with("g-")));
    let same_code = reasons(&answer, MAINE_ET_LOIRE).expect("a case with the same code");
    assert!(same_code.contains(&"même code CPV : 75231240-8"), "{same_code:?}");
    let same_words = reasons(&answer, LYON).expect("a case about the same");
    let words = same_words.iter().find(|reason| reason.starts_with("mots en commun : "));
    assert!(
        words.is_some_and(|words| words.contains("déchets") && words.contains("collecte")),
        "{same_words:?}"
    );
    assert!(
        same_words.contains(&"montant proche : 200\u{202f}000\u{a0}€ HT"),
        "{same_words:?}"
    );
    assert_eq!(reasons(&answer, TOULOUSE), None);
    let near = &answer["similar"][0];
    assert_eq!(near["url"], format!("/cas/{}", near["id"].as_str().unwrap_or_default()));
    assert_eq!(
        (&near["type"], &near["title"]),
        (&"retour-d-experience".into(), &near["record"]["titre"])
    );
    assert!(near["score"].as_f64().is_some_and(|score| score > 0.0) && near["record"].get("sections").is_none());
    let back = server.get(&format!("/v1/cases/{LYON}/similar")).json();
    assert!(reasons(&back, TOULOUSE).is_some(), "{back}");
    let one = server.get(&format!("/v1/cases/{TOULOUSE}/similar?limite=1")).json();
    assert_eq!(one["similar"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_asked_wrongly_is_a_problem() {
    let site = Site::shipped();
    let server = site.serve();
    for (path, status, parameter, detail) in [
        ("unknown/similar", 404, "", "no case has the id \"unknown\""),
        ("%ff/similar", 404, "", "not UTF-8"),
        (
            "unknown/similar?limite=0",
            400,
            "limite",
            "expected a whole number, 1 to 20",
        ),
        (
            "unknown/similar?limite=21",
            400,
            "limite",
            "expected a whole number, 1 to 20",
        ),
        ("unknown/similar?limite=1&limite=2", 400, "limite", "given twice"),
        ("unknown/similar?limit=2", 400, "limit", "expected limite"),
    ] {
        let answer = server.get(&format!("/v1/cases/{path}"));
        let problem = answer.json();
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{path}"
        );
        assert_eq!(problem["parameter"].as_str().unwrap_or_default(), parameter, "{path}");
        assert!(
            problem["detail"].as_str().is_some_and(|text| text.contains(detail)),
            "{problem}"
        );
    }
}

#[test]
fn the_page_of_a_case_leads_to_those_near_it() {
    let site = Site::shipped();
    site.write("corpus/seul.md", "---\ntitre: Licorne\n---\n");
    let server = site.serve();
    let body = server.get(&format!("/cas/{TOULOUSE}")).body;
    let list = body.split("Cas proches</h2>").nth(1).unwrap_or_default();
    assert!(list.contains(&format!("<a href=\"/cas/{LYON}\">")), "{body}");
    assert!(list.contains("<li>même code CPV : 75231240-8</li>"), "{body}");
    assert!(!server.get("/cas/seul").body.contains("Cas proches"));
}
