//! Filters, the counts under them, and the values of a facet.

use super::*;

#[tokio::test]
async fn filters_find_what_they_say() {
    for (filter, expected) in [
        (json!("montant >= 40000"), vec!["tri", "ville"]),
        (json!("montant > 40000"), vec!["ville"]),
        (json!("montant > 90000"), vec!["ville"]),
        (json!("montant = 90000.50"), vec!["ville"]),
        (json!("\"montant\" 39999.99 TO 40000"), vec!["tri"]),
        (json!("montant IS NULL"), vec!["hostile", "nu"]),
        (json!("duree > 5.5 AND duree < 24"), vec!["hostile", "tri"]),
        (json!("annee >= 2022"), vec!["ville"]),
        (json!("annee != 2021"), vec!["hostile", "nu", "ville"]),
        (json!("procedure = 'PROCEDURE adaptee'"), vec!["tri"]),
        (json!("procedure NOT EXISTS"), vec!["hostile", "nu"]),
        (json!("reserve IN [siae, ESAT]"), vec!["tri", "ville"]),
        (json!("reserve NOT IN [SIAE]"), vec!["hostile", "nu", "ville"]),
        (json!("NOT (theme = déchets OR nature = services)"), vec!["nu"]),
        (json!("territoire = Occitanie"), vec!["tri", "ville"]),
        (json!("territoire.lvl0 = Occitanie"), vec!["tri", "ville"]),
        (json!("territoire.lvl1 = 'Occitanie > Lot'"), vec!["ville"]),
        (json!("territoire.lvl1 = Occitanie"), vec![]),
        (json!("territoire.lvl2 EXISTS"), vec!["tri"]),
        (json!("territoire.lvl1 IS EMPTY"), vec!["hostile", "nu"]),
        (json!("cpv = 90500000"), vec!["tri"]),
        (json!("cpv.lvl1 = '90000000 > 90500000'"), vec!["tri"]),
        (json!("cpv.lvl0 = 90500000"), vec![]),
        (json!(["theme = déchets", ["duree = 6", "duree = 24"]]), vec!["hostile"]),
        (json!([["duree = 6", "duree = 24"]]), vec!["hostile", "ville"]),
        (json!("theme = \"<b>gras</b>\""), vec!["hostile"]),
        (json!(["acheteur = \"L'eau & <i>l'air</i>\""]), vec!["hostile"]),
        (json!("acheteur = 'L\\'eau & <i>l\\'air</i>'"), vec!["hostile"]),
        (json!(""), vec!["hostile", "nu", "tri", "ville"]),
    ] {
        assert_eq!(ids(filter.clone()).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn counts_are_those_of_the_filters_they_name() {
    let every = search(json!({"facets": ["*"], "limit": 0})).await;
    let distribution = every["facetDistribution"].as_object().unwrap();
    assert_eq!(distribution.len(), 24);
    let mut checked = 0;
    for (attribute, values) in distribution {
        for (value, count) in values.as_object().unwrap() {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let found = ids(json!(format!("\"{attribute}\" = \"{quoted}\""))).await;
            assert_eq!(found.len() as u64, count.as_u64().unwrap(), "{attribute} = {value}");
            checked += 1;
        }
    }
    assert_eq!(checked, 42, "values of all attributes");
    assert_eq!(
        every["facetDistribution"]["territoire.lvl1"],
        json!({"Occitanie > Haute-Garonne": 1, "Occitanie > Lot": 1})
    );
    assert_eq!(every["facetDistribution"]["montant"], json!({"40000": 1, "90000.5": 1}));
    assert_eq!(
        every["facetStats"],
        json!({
            "annee": {"min": 2021, "max": 2023}, "montant": {"min": 40000, "max": 90000.5}, "duree": {"min": 6, "max": 24},
        })
    );
}

#[tokio::test]
async fn counts_narrow_with_the_whole_filter() {
    let answer = search(json!({"facets": ["nature", "duree"], "filter": ["nature = services", "duree < 20"]})).await;
    assert_eq!(
        answer["facetDistribution"],
        json!({"nature": {"services": 1}, "duree": {"12": 1}})
    );
    assert_eq!(answer["facetStats"], json!({"duree": {"min": 12, "max": 12}}));
    let none = search(json!({"facets": []})).await;
    assert_eq!(
        (&none["facetDistribution"], &none["facetStats"]),
        (&json!({}), &json!({}))
    );
    let unasked = search(json!({})).await;
    assert!(unasked.get("facetDistribution").is_none() && unasked.get("facetStats").is_none());
}

#[tokio::test]
async fn a_rare_value_of_a_level_is_counted_beside_many_frequent_ones_below() {
    let case = |id: String, path: &[&str]| json!({"id": id, "titre": "Tri", "territoire": path});
    let mut records: Vec<_> = (0..2_200)
        .map(|rank| case(format!("a{rank}"), &["A", "A1", &format!("A1-{}", rank / 2)]))
        .collect();
    records.push(case("b".to_owned(), &["B", "B1"]));
    let state = state_of(records);
    let body = json!({"facets": ["territoire.lvl0", "territoire.lvl1", "territoire.lvl2"], "limit": 0});
    let request = Request::post("/indexes/rex/search").header("content-type", "application/json");
    let (_, answer) = send_to(&state, request.body(Body::from(body.to_string())).unwrap()).await;
    let distribution = &answer["facetDistribution"];
    assert_eq!(distribution["territoire.lvl0"], json!({"A": 2200, "B": 1}));
    assert_eq!(distribution["territoire.lvl1"], json!({"A > A1": 2200, "B > B1": 1}));
    let communes = distribution["territoire.lvl2"].as_object().unwrap();
    assert_eq!(communes.len(), 100);
    assert!(communes.values().all(|count| count == 2));
}

#[tokio::test]
async fn what_stands_within_each_other_as_deep_as_it_may_is_answered() {
    let negated = format!("{}theme = déchets", "NOT ".repeat(100));
    assert_eq!(ids(json!(negated)).await, ["hostile", "tri"]);
    let nested = format!(
        "{}nature = fournitures{}",
        "theme = x OR duree > 0 AND (".repeat(100),
        ")".repeat(100)
    );
    assert_eq!(ids(json!([[nested, "theme = x"]])).await, [] as [&str; 0]);
}

#[tokio::test]
async fn the_values_of_a_facet_can_be_searched() {
    let found = async |body: Value| {
        let (status, answer) = post("/indexes/rex/facet-search", &body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert!(answer["processingTimeMs"].is_u64());
        assert_eq!(answer["facetQuery"], body["facetQuery"]);
        answer["facetHits"].clone()
    };
    assert_eq!(
        found(json!({"facetName": "theme", "facetQuery": "dech"})).await,
        json!([{"value": "déchets", "count": 2}])
    );
    assert_eq!(
        found(
            json!({"facetName": "theme", "facetQuery": "DECH", "filter": "duree = 6", "q": "alert", "hitsPerPage": 3,
                     "facets": ["x"], "attributesToHighlight": ["*"], "exhaustiveFacetCount": true})
        )
        .await,
        json!([{"value": "déchets", "count": 1}]),
        "what else clients send along is not looked at"
    );
    assert_eq!(
        found(json!({"facetName": "territoire.lvl1", "facetQuery": "lot"})).await,
        json!([{"value": "Occitanie > Lot", "count": 1}])
    );
    assert_eq!(
        found(json!({"facetName": "cpv.lvl1", "facetQuery": ""})).await,
        json!([{"value": "90000000 > 90500000", "count": 1}])
    );
    assert_eq!(
        found(json!({"facetName": "nature"})).await,
        json!([{"value": "services", "count": 2}, {"value": "fournitures", "count": 1}])
    );
    assert_eq!(
        found(json!({"facetName": "nature", "filter": "nature = travaux", "matchingStrategy": "all"})).await,
        json!([])
    );
    for (body, code) in [
        (json!({"facetQuery": "a"}), "missing_facet_search_facet_name"),
        (json!({"facetName": 3}), "invalid_facet_search_facet_name"),
        (json!({"facetName": "themes"}), "invalid_facet_search_facet_name"),
        (json!({"facetName": "montant"}), "invalid_facet_search_facet_name"),
        (
            json!({"facetName": "theme", "facetQuery": 3}),
            "invalid_facet_search_facet_query",
        ),
        (json!({"facetName": "theme", "filter": "x"}), "invalid_search_filter"),
        (json!({"facetName": "theme", "q": 3}), "invalid_search_q"),
    ] {
        let (status, error) = post("/indexes/rex/facet-search", &body).await;
        assert_eq!(
            (status, &error["code"]),
            (StatusCode::BAD_REQUEST, &json!(code)),
            "{body}"
        );
    }
    let (status, _) = post("/indexes/none/facet-search", &json!({"facetName": "theme"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
