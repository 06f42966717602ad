//! Which hits an answer has, their order, and paging.

use super::*;

#[tokio::test]
async fn a_search_is_answered_as_clients_expect() {
    let mut answer =
        search(json!({"q": "tri", "limit": 1, "attributesToRetrieve": ["id", "titre", "territoire.lvl1"]})).await;
    assert!(answer["processingTimeMs"].take().is_u64());
    assert_eq!(
        answer,
        json!({
            "hits": [{"id": "tri", "titre": "Tri des déchets & papiers", "territoire": {"lvl1": "Occitanie > Haute-Garonne"}}],
            "query": "tri", "processingTimeMs": null, "limit": 1, "offset": 0, "estimatedTotalHits": 2,
        })
    );
}

#[tokio::test]
async fn both_ways_of_paging_reach_every_hit() {
    let all = search(json!({"sort": ["titre:asc"]})).await;
    let all: Vec<_> = all["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["id"].clone())
        .collect();
    assert_eq!(all.len(), 4);
    for (rank, id) in all.iter().enumerate() {
        let window = search(json!({"sort": ["titre:asc"], "offset": rank, "limit": 1})).await;
        assert_eq!(window["hits"][0]["id"], *id);
        assert_eq!((&window["offset"], &window["limit"]), (&json!(rank), &json!(1)));
        let page = search(json!({"sort": ["titre:asc"], "page": rank + 1, "hitsPerPage": 1})).await;
        assert_eq!(page["hits"][0]["id"], *id);
        assert_eq!(page["totalPages"], 4);
        assert_eq!((&page["page"], &page["hitsPerPage"]), (&json!(rank + 1), &json!(1)));
        assert_eq!(page["totalHits"], 4);
        assert!(page.get("estimatedTotalHits").is_none() && page.get("limit").is_none());
    }
    let beyond = search(json!({"offset": 1_000_000})).await;
    assert_eq!(
        (beyond["hits"].as_array().unwrap().len(), &beyond["estimatedTotalHits"]),
        (0, &json!(4))
    );
    let beyond = search(json!({"page": u64::MAX, "hitsPerPage": 1000})).await;
    assert_eq!(
        (beyond["hits"].as_array().unwrap().len(), &beyond["totalHits"]),
        (0, &json!(4))
    );
    let counted = search(json!({"hitsPerPage": 0, "facets": ["nature"]})).await;
    assert_eq!(counted["hits"], json!([]));
    assert_eq!((&counted["totalHits"], &counted["totalPages"]), (&json!(4), &json!(0)));
    assert_eq!(
        counted["facetDistribution"]["nature"],
        json!({"services": 2, "fournitures": 1})
    );
    let counted = search(json!({"limit": 0})).await;
    assert_eq!(
        (&counted["hits"], &counted["estimatedTotalHits"]),
        (&json!([]), &json!(4))
    );
    let none = search(json!({"page": 0})).await;
    assert_eq!((&none["hits"], &none["totalHits"]), (&json!([]), &json!(4)));
}

#[tokio::test]
async fn scores_go_with_the_order() {
    let answer = search(json!({"q": "papiers", "showRankingScore": true})).await;
    let scores: Vec<f64> = answer["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["_rankingScore"].as_f64().unwrap())
        .collect();
    assert_eq!(scores.len(), 2);
    assert!(
        scores[0] >= scores[1] && scores.iter().all(|score| (0.0..=1.0).contains(score)),
        "{scores:?}"
    );
    let answer = search(json!({"showRankingScore": true})).await;
    assert_eq!(answer["hits"][0]["_rankingScore"], 1.0);
    let answer = search(json!({"q": "papiers", "showRankingScore": true, "sort": ["date:desc"]})).await;
    assert!(answer["hits"][0].get("_rankingScore").is_none());
    assert!(
        search(json!({"q": "papiers"})).await["hits"][0]
            .get("_rankingScore")
            .is_none()
    );
}

#[tokio::test]
async fn hits_come_in_the_order_asked_for() {
    for (sort, first) in [
        ("montant:asc", "tri"),
        ("montant:desc", "ville"),
        ("duree:asc", "hostile"),
        ("duree:desc", "ville"),
        ("annee:asc", "tri"),
        ("date:desc", "ville"),
        ("titre:asc", "ville"),
    ] {
        let answer = search(json!({"sort": [sort]})).await;
        assert_eq!(answer["hits"][0]["id"], first, "{sort}");
    }
}

#[tokio::test]
async fn a_strategy_says_how_many_words_must_match() {
    let found = async |strategy: &str| {
        let answer = search(json!({"q": "papiers verts", "matchingStrategy": strategy})).await;
        answer["estimatedTotalHits"].as_u64().unwrap()
    };
    assert_eq!(found("all").await, 0);
    assert!(found("last").await > 0);
    assert_eq!(found("frequency").await, found("last").await);
}

#[tokio::test]
async fn an_address_asks_for_the_same_as_a_body() {
    let address = "/indexes/rex/search?q=tri&hitsPerPage=3&facets=nature,territoire.lvl0&filter=duree%20%3E%205&sort=montant%3Aasc\
                   &attributesToHighlight=titre&attributesToRetrieve=id,titre&showRankingScore=false&cropLength=4";
    let body = json!({
        "q": "tri", "hitsPerPage": 3, "facets": ["nature", "territoire.lvl0"], "filter": "duree > 5", "sort": ["montant:asc"],
        "attributesToHighlight": ["titre"], "attributesToRetrieve": ["id", "titre"], "cropLength": 4,
    });
    let (status, mut by_address) = get(address).await;
    assert_eq!(status, StatusCode::OK);
    let mut by_body = search(body).await;
    by_address["processingTimeMs"].take();
    by_body["processingTimeMs"].take();
    assert_eq!(by_address, by_body);
    let (_, lists) = get("/indexes/rex/search?filter=%5B%5B%22duree%3D6%22%2C%22duree%3D24%22%5D%5D").await;
    assert_eq!(lists["estimatedTotalHits"], 2);
    let (_, number) = get("/indexes/rex/search?q=2023").await;
    assert_eq!(number["query"], "2023");
    for (address, code) in [
        ("/indexes/rex/search?limit=a", "invalid_search_limit"),
        ("/indexes/rex/search?limit=-1", "invalid_search_limit"),
        ("/indexes/rex/search?filter=x", "invalid_search_filter"),
        ("/indexes/rex/search?lmit=1", "bad_request"),
        ("/indexes/rex/search?q=a&q=b", "bad_request"),
        ("/indexes/rex/search?q=%ff", "bad_request"),
        ("/indexes/rex/search?vector=0.1", "invalid_search_vector"),
        ("/indexes/rex/search?hybridEmbedder=x", "invalid_search_embedder"),
        (
            "/indexes/rex/search?showRankingScore=yes",
            "invalid_search_show_ranking_score",
        ),
        ("/indexes/none/search", "index_not_found"),
        ("/indexes/%ff/search", "invalid_index_uid"),
    ] {
        let (_, error) = get(address).await;
        assert_eq!(error["code"], code, "{address}: {error}");
    }
}

#[tokio::test]
async fn a_long_query_is_searched_as_far_as_it_goes() {
    let q = format!("papiers {}", "x".repeat(2_000));
    let answer = search(json!({"q": q})).await;
    assert_eq!(answer["query"], q);
    assert_eq!(answer["estimatedTotalHits"], 2);
}
