//! `/v1/search` and `/v1/cases`.

use rex_tests::Site;

const TOULOUSE: &str = "toulouse-ramassage-cartons";

#[test]
fn what_no_case_can_hold_finds_nothing() {
    let site = Site::shipped();
    let server = site.serve();
    let long = "a".repeat(300);
    for (query, expected) in [
        (long.clone(), 0),
        (format!("%22{long}%22"), 0),
        ("zzzzzzzqq".to_owned(), 0),
        // A query without positive words.
        (format!("-{long}"), 5),
        ("?".to_owned(), 5),
    ] {
        assert_eq!(
            server.search(&format!("q={query}&facettes="))["total"],
            expected,
            "{query}"
        );
    }
}

#[test]
fn the_answer_has_the_shape_of_the_contract() {
    let site = Site::shipped();
    let server = site.serve();
    let answer = server.search("q=collecte+cartons&procedure=Proc%C3%A9dure+adapt%C3%A9e&par_page=1");
    assert_eq!(
        answer["query"],
        serde_json::json!({"q": "collecte cartons", "filters": {"procedure": ["Procédure adaptée"]}, "sort": "pertinence"})
    );
    assert_eq!(
        (&answer["total"], &answer["page"], &answer["per_page"], &answer["pages"]),
        (&1.into(), &1.into(), &1.into(), &1.into())
    );
    assert!(answer["took_ms"].is_number() && answer["generation"].as_str().is_some_and(|name| name.starts_with("g-")));
    let hit = &answer["hits"][0];
    assert_eq!(hit["id"], TOULOUSE);
    assert_eq!(hit["url"], format!("/cas/{TOULOUSE}"));
    assert_eq!(hit["type"], "retour-d-experience");
    assert!(hit["score"].as_f64().is_some_and(|score| score > 0.0));
    assert_eq!(hit["record"]["montant_ht"], 350_000);
    assert_eq!(hit["record"]["cpv"], "75231240-8");
    assert!(hit["record"].get("sections").is_none());
    assert!(
        hit["highlights"]["title"]
            .as_str()
            .is_some_and(|title| title.contains("des <mark>cartons</mark> du centre-ville"))
    );
    assert_eq!(hit["highlights"]["acheteur"], "Toulouse Métropole");
    let snippets = hit["snippets"].as_array().expect("snippets");
    assert_eq!(snippets[0]["section"], "Présentation du marché");
    assert!(
        snippets
            .iter()
            .all(|snippet| snippet["html"].as_str().is_some_and(|html| html.contains("<mark>")))
    );
    assert_eq!(
        answer["suggestions"],
        serde_json::json!({
            "did_you_mean": null, "relaxed": false, "missing": [], "optional": [], "derived": [], "chips": []
        })
    );
}

#[test]
fn cases_can_be_sorted_and_paged() {
    let site = Site::shipped();
    let server = site.serve();
    let amounts = |parameters: &str| -> Vec<u64> {
        let answer = server.search(parameters);
        let hits = answer["hits"].as_array().expect("hits").clone();
        hits.iter()
            .filter_map(|hit| hit["record"]["montant_ht"].as_u64())
            .collect()
    };
    assert_eq!(amounts("tri=montant"), [127_721, 170_000, 200_000, 350_000, 1_590_000]);
    assert_eq!(amounts("tri=-montant&par_page=2&page=2"), [200_000, 170_000]);
    assert_eq!(amounts("tri=-montant&par_page=2&page=4"), [] as [u64; 0]);
    assert_eq!(server.search("par_page=2")["pages"], 3);
}

#[test]
fn a_case_is_given_whole_and_once() {
    let site = Site::shipped();
    let server = site.serve();
    let path = format!("/v1/cases/{TOULOUSE}");
    let answer = server.get(&path);
    let case = answer.json();
    assert_eq!(
        (&case["id"], &case["url"]),
        (&TOULOUSE.into(), &format!("/cas/{TOULOUSE}").into())
    );
    assert_eq!(case["titulaires"][0]["structure"], "Coopérative");
    let titles: Vec<_> = case["sections"]
        .as_array()
        .expect("sections")
        .iter()
        .map(|section| section["titre"].clone())
        .collect();
    assert_eq!(
        titles,
        [
            "Présentation du marché",
            "La réponse au marché",
            "Ce que le marché a permis"
        ]
    );
    let again = server.get_with(&path, &[("If-None-Match", answer.header("etag"))]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}
