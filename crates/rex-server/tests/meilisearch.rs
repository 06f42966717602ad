//! What clients of Meilisearch send, and what they get.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use rex_index::IndexWriter;
use rex_search::Engine;
use rex_server::{AppState, Site, router};
use serde_json::{Value, json};
use tantivy::directory::RamDirectory;
use tower::ServiceExt;

const HOSTILE: &str = "<script>alert('tri')</script> & \"déchets\"";

fn records() -> Vec<Value> {
    vec![
        json!({
            "id": "tri", "titre": "Tri des déchets & papiers", "montant_ht": 40000, "duree_mois": 12, "date": "2021-03-01",
            "territoire": ["Occitanie", "Haute-Garonne", "Toulouse Métropole"], "cpv": "90511000-2", "themes": ["déchets"],
            "procedure": "Procédure adaptée", "reserve": ["SIAE", "EA"], "nature": "services",
            "acheteur": {"nom": "Toulouse Métropole", "siret": "24310051800170"},
            "titulaires": [{"nom": "Association du tri", "structure": "Association"}],
            "sections": [{"titre": "Le marché", "texte":
                "Avant toute chose, la collectivité a cherché longtemps. Le **tri** des déchets fut confié à une entreprise d'insertion du quartier."}],
        }),
        json!({
            "id": "ville", "titre": "Entretien des espaces verts", "montant_ht": 90000.5, "duree_mois": 24, "date": "2023",
            "territoire": ["Occitanie", "Lot"], "themes": ["espaces verts", "insertion"], "nature": "services",
            "procedure": "Appel d'offres ouvert", "titulaires": [{"nom": "ESAT du Lot"}], "reserve": ["ESAT"],
        }),
        json!({
            "id": "hostile", "titre": HOSTILE, "themes": ["déchets", "<b>gras</b>"], "territoire": ["Bretagne"], "duree_mois": 6,
            "acheteur": {"nom": "L'eau & <i>l'air</i>"},
        }),
        json!({"id": "nu", "titre": "Papiers", "nature": "fournitures"}),
    ]
}

fn state_of(records: Vec<Value>) -> AppState {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for record in records {
        writer.add(&serde_json::from_value(record).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    let engine = Engine::open(directory, "g-20231005T081500123Z-1a2b3c4d").unwrap();
    AppState::new(engine, Site::default()).with_index_names(vec!["rex".to_owned(), "cas".to_owned()])
}

/// Cheap to clone, and the same for every test.
static STATE: LazyLock<AppState> = LazyLock::new(|| state_of(records()));

async fn send(request: Request<Body>) -> (StatusCode, Value) {
    send_to(&STATE, request).await
}

async fn send_to(state: &AppState, request: Request<Body>) -> (StatusCode, Value) {
    let response = router(state.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = to_bytes(response.into_body(), 1 << 22).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

async fn post(path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("authorization", "Bearer masterKey")
        .header("x-meilisearch-client", "Meilisearch JavaScript (v0.50.0)");
    send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn get(path: &str) -> (StatusCode, Value) {
    send(Request::get(path).body(Body::empty()).unwrap()).await
}

/// The answer to a search that makes sense.
async fn search(body: Value) -> Value {
    let (status, answer) = post("/indexes/rex/search", &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

/// The ids found under a filter, in the order of the alphabet.
async fn ids(filter: Value) -> Vec<String> {
    let answer = search(json!({"filter": filter, "attributesToRetrieve": ["id"]})).await;
    let hits = answer["hits"].as_array().unwrap();
    let mut ids: Vec<_> = hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(answer["estimatedTotalHits"], ids.len());
    ids.sort();
    ids
}

/// Checks that a request is refused so.
async fn refused(path: &str, body: Value, status: u16, code: &str, message: &str) {
    let (given, error) = post(path, &body).await;
    assert_eq!(given.as_u16(), status, "{error}");
    assert_eq!(
        error,
        json!({
            "message": message, "code": code, "type": "invalid_request",
            "link": format!("https://docs.meilisearch.com/errors#{code}"),
        })
    );
}

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
async fn formatted_texts_are_marked_and_escaped() {
    let answer = search(json!({"q": "déchets", "filter": "duree = 6", "attributesToHighlight": ["*"]})).await;
    let hit = &answer["hits"][0];
    assert_eq!(hit["titre"], HOSTILE);
    let formatted = &hit["_formatted"];
    assert_eq!(
        formatted["titre"],
        "&lt;script&gt;alert(&#39;tri&#39;)&lt;/script&gt; &amp; &quot;<em>déchets</em>&quot;"
    );
    assert_eq!(formatted["acheteur"], "L&#39;eau &amp; &lt;i&gt;l&#39;air&lt;/i&gt;");
    assert_eq!(
        formatted["theme"],
        json!(["<em>déchets</em>", "&lt;b&gt;gras&lt;/b&gt;"])
    );
    assert_eq!(formatted["duree"], "6");
    assert_eq!(formatted["territoire"], json!({"lvl0": "Bretagne"}));
    let answer = search(json!({
        "q": "déchets", "filter": "duree = 6", "attributesToRetrieve": ["id"], "attributesToHighlight": ["titre"],
        "highlightPreTag": "<mark class=\"x\">", "highlightPostTag": "</mark>",
    }))
    .await;
    assert_eq!(answer["hits"][0]["_formatted"]["id"], "hostile");
    let marked = answer["hits"][0]["_formatted"]["titre"].as_str().unwrap();
    assert!(
        marked.ends_with("&quot;<mark class=\"x\">déchets</mark>&quot;"),
        "{marked}"
    );
    assert_eq!(
        answer["hits"][0].as_object().unwrap().len(),
        2,
        "the title is not retrieved"
    );
}

#[tokio::test]
async fn placeholders_leave_escaping_to_the_client() {
    let answer = search(json!({
        "q": "déchets", "filter": "duree = 6", "attributesToHighlight": ["titre"],
        "highlightPreTag": "__ais-highlight__", "highlightPostTag": "__/ais-highlight__",
    }))
    .await;
    let formatted = &answer["hits"][0]["_formatted"];
    assert_eq!(
        formatted["titre"],
        "&lt;script>alert('tri')&lt;/script> & \"__ais-highlight__déchets__/ais-highlight__\""
    );
    assert_eq!(formatted["acheteur"], "L'eau & &lt;i>l'air&lt;/i>");
}

#[tokio::test]
async fn long_texts_are_cut_around_what_was_found() {
    let formatted = async |body: Value| {
        let answer = search(body).await;
        answer["hits"][0]["_formatted"]["resume"].as_str().unwrap().to_owned()
    };
    let cut = formatted(
        json!({"q": "tri", "filter": "duree = 12", "attributesToCrop": ["resume:5"], "attributesToHighlight": ["*"]}),
    );
    assert_eq!(cut.await, "…longtemps. Le <em>tri</em> des déchets…");
    let cut = formatted(
        json!({"q": "tri", "filter": "duree = 12", "attributesToCrop": ["*"], "cropLength": 3, "cropMarker": "[&]"}),
    );
    assert_eq!(cut.await, "[&amp;]Le tri des[&amp;]");
    let cut = formatted(json!({"filter": "duree = 12", "attributesToCrop": ["resume"]}));
    assert_eq!(
        cut.await,
        "Avant toute chose, la collectivité a cherché longtemps. Le tri…"
    );
}

#[tokio::test]
async fn positions_are_in_bytes() {
    let answer = search(json!({"q": "déchets", "filter": "duree = 12", "showMatchesPosition": true})).await;
    let positions = &answer["hits"][0]["_matchesPosition"];
    assert_eq!(positions["titre"], json!([{"start": 8, "length": 8}]));
    assert_eq!(positions["theme"], json!([{"start": 0, "length": 8, "indices": [0]}]));
    assert!(positions.get("url").is_none());
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
async fn each_wrong_type_has_its_code() {
    for (field, value, code) in [
        ("q", json!(3), "invalid_search_q"),
        ("offset", json!(-1), "invalid_search_offset"),
        ("limit", json!("20"), "invalid_search_limit"),
        ("page", json!(1.5), "invalid_search_page"),
        ("hitsPerPage", json!([]), "invalid_search_hits_per_page"),
        ("filter", json!(true), "invalid_search_filter"),
        ("facets", json!("nature"), "invalid_search_facets"),
        ("sort", json!("montant:asc"), "invalid_search_sort"),
        (
            "attributesToRetrieve",
            json!("id"),
            "invalid_search_attributes_to_retrieve",
        ),
        (
            "attributesToHighlight",
            json!([3]),
            "invalid_search_attributes_to_highlight",
        ),
        ("attributesToCrop", json!({}), "invalid_search_attributes_to_crop"),
        ("highlightPreTag", json!(1), "invalid_search_highlight_pre_tag"),
        ("highlightPostTag", json!(["x"]), "invalid_search_highlight_post_tag"),
        ("cropLength", json!(-3), "invalid_search_crop_length"),
        ("cropMarker", json!("x".repeat(101)), "invalid_search_crop_marker"),
        ("matchingStrategy", json!("most"), "invalid_search_matching_strategy"),
        ("showRankingScore", json!("true"), "invalid_search_show_ranking_score"),
        ("showMatchesPosition", json!(1), "invalid_search_show_matches_position"),
        (
            "attributesToSearchOn",
            json!(["titre"]),
            "invalid_search_attributes_to_search_on",
        ),
        ("locales", json!(["eng"]), "invalid_search_locales"),
        ("distinct", json!("acheteur"), "invalid_search_distinct"),
        ("vector", json!([1.0]), "invalid_search_vector"),
        ("hybrid", json!({"embedder": "x"}), "invalid_search_hybrid_query"),
        ("retrieveVectors", json!(true), "invalid_search_retrieve_vectors"),
        (
            "showRankingScoreDetails",
            json!(true),
            "invalid_search_show_ranking_score_details",
        ),
        (
            "rankingScoreThreshold",
            json!(0.2),
            "invalid_search_ranking_score_threshold",
        ),
        ("personalize", json!({}), "invalid_search_personalize"),
        ("media", json!({}), "invalid_search_media"),
        ("fitler", json!(""), "bad_request"),
    ] {
        let (status, error) = post("/indexes/rex/search", &json!({field: value})).await;
        assert_eq!(
            (status, error["code"].as_str().unwrap()),
            (StatusCode::BAD_REQUEST, code),
            "{field}: {error}"
        );
    }
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let path = "/indexes/rex/search";
    refused(
        path,
        json!({"filter": "montnat > 3", "q": "x"}),
        400,
        "invalid_search_filter",
        "`filter`, column 1: attribute `montnat` is not filterable, the nearest is \"montant\"; expected one of: type, nature, \
         procedure, reserve, considerations, territoire, territoire.lvl0, territoire.lvl1, territoire.lvl2, cpv, cpv.lvl0, \
         cpv.lvl1, cpv.lvl2, cpv.lvl3, cpv.lvl4, cpv.lvl5, cpv.lvl6, acheteur, titulaire, structure, theme, annee, montant, duree",
    )
    .await;
    refused(
        "/indexes/rx/search",
        json!({}),
        404,
        "index_not_found",
        "Index `rx` not found. Did you mean `rex`?",
    )
    .await;
    refused(
        "/indexes/movies/search",
        json!({}),
        404,
        "index_not_found",
        "Index `movies` not found.",
    )
    .await;
    refused(
        "/indexes/a%20b/search",
        json!({}),
        400,
        "invalid_index_uid",
        "`a b` is not a valid index uid, expected letters without accents, digits, hyphens and underscores, at most 512",
    )
    .await;
    refused(
        path,
        json!([]),
        400,
        "bad_request",
        "Invalid value type: expected an object, found an array",
    )
    .await;
}

#[tokio::test]
async fn a_body_is_json_of_bounded_size() {
    let path = "/indexes/rex/search";
    for (content_type, body, status, code) in [
        (Some("application/json; charset=utf-8"), "{}".to_owned(), 200, ""),
        (Some("text/plain"), "{}".to_owned(), 415, "invalid_content_type"),
        (None, "{}".to_owned(), 415, "missing_content_type"),
        (Some("application/json"), "{".to_owned(), 400, "malformed_payload"),
        (
            Some("application/json"),
            "\u{feff}{}".to_owned(),
            400,
            "malformed_payload",
        ),
        (Some("application/json"), "[".repeat(100_000), 400, "malformed_payload"),
        (Some("application/json"), String::new(), 400, "missing_payload"),
        (
            Some("application/json"),
            " ".repeat((256 << 10) + 1),
            413,
            "payload_too_large",
        ),
    ] {
        for path in [path, "/multi-search", "/indexes/rex/facet-search"] {
            if status == 200 && path != "/indexes/rex/search" {
                continue;
            }
            let mut request = Request::post(path);
            if let Some(content_type) = content_type {
                request = request.header("content-type", content_type);
            }
            let (given, answer) = send(request.body(Body::from(body.clone())).unwrap()).await;
            assert_eq!(given.as_u16(), status, "{path} {answer}");
            assert_eq!(answer["code"].as_str().unwrap_or_default(), code, "{path}");
        }
    }
}

#[tokio::test]
async fn several_searches_come_in_one_request() {
    let sent = json!({"queries": [
        {"indexUid": "rex", "facets": [], "hitsPerPage": 0, "q": ""},
        {"indexUid": "cas", "q": "tri", "limit": 2, "facets": ["nature"], "filter": ["\"montant\">=40000"],
         "attributesToHighlight": ["*"], "attributesToCrop": ["resume:30"]},
    ]});
    let (status, answer) = post("/multi-search", &sent).await;
    assert_eq!(status, StatusCode::OK);
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    assert_eq!(
        (&results[0]["indexUid"], &results[0]["totalHits"]),
        (&json!("rex"), &json!(4))
    );
    assert_eq!(
        (&results[1]["indexUid"], &results[1]["estimatedTotalHits"]),
        (&json!("cas"), &json!(1))
    );
    assert_eq!(results[1]["facetDistribution"], json!({"nature": {"services": 1}}));
    assert_eq!(
        results[1]["hits"][0]["_formatted"]["titre"],
        "<em>Tri</em> des déchets &amp; papiers"
    );
    let (_, none) = post("/multi-search", &json!({"queries": [], "federation": null})).await;
    assert_eq!(none, json!({"results": []}));
}

#[tokio::test]
async fn one_of_several_searches_is_named_by_its_rank() {
    let good = json!({"indexUid": "rex"});
    let many = vec![good.clone(); 51];
    for (sent, status, code, message) in [
        (
            json!({"queries": [good, {"indexUid": "rex", "limit": "a"}]}),
            400,
            "invalid_search_limit",
            "Inside `.queries[1]`: `limit`: expected a whole number, 0 or more, found a string: \"a\"",
        ),
        (
            json!({"queries": [{"indexUid": "none"}]}),
            404,
            "index_not_found",
            "Inside `.queries[0]`: Index `none` not found.",
        ),
        (
            json!({"queries": [{"q": "tri"}]}),
            400,
            "missing_index_uid",
            "Inside `.queries[0]`: Missing field `indexUid`",
        ),
        (
            json!({"queries": [{"indexUid": 3}]}),
            400,
            "invalid_index_uid",
            "Inside `.queries[0]`: `indexUid`: expected a string, found a number: 3",
        ),
        (
            json!({"queries": [{"indexUid": "rex", "federationOptions": {}}]}),
            400,
            "invalid_multi_search_federation_options",
            "Inside `.queries[0]`: `federationOptions` is not supported: the hits of one index need no merging; leave it out",
        ),
        (
            json!({"queries": [3]}),
            400,
            "bad_request",
            "Inside `.queries[0]`: expected an object, found a number",
        ),
        (
            json!({"queries": {}}),
            400,
            "bad_request",
            "`queries`: expected an array, found an object",
        ),
        (
            json!({"queries": many}),
            400,
            "bad_request",
            "`queries`: 51 searches, expected at most 50",
        ),
        (json!({}), 400, "bad_request", "Missing field `queries`"),
        (
            json!({"queries": [{"indexUid": "rex", "limit": 600}, {"indexUid": "rex", "hitsPerPage": 600}]}),
            400,
            "bad_request",
            "`queries`: 1200 hits in all, expected at most 1000",
        ),
        (
            json!({"federation": {}, "queries": []}),
            400,
            "invalid_multi_search_federation",
            "`federation` is not supported: the hits of one index need no merging; leave it out",
        ),
        (
            json!({"queries": [], "query": 1}),
            400,
            "bad_request",
            "Unknown field `query`: did you mean `queries`? expected one of `federation`, `queries`",
        ),
    ] {
        refused("/multi-search", sent, status, code, message).await;
    }
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

#[tokio::test]
async fn indexes_and_version_can_be_read() {
    let index = |uid: &str| {
        let built = "2023-10-05T08:15:00.123Z";
        json!({"uid": uid, "createdAt": built, "updatedAt": built, "primaryKey": "id"})
    };
    let (_, all) = get("/indexes").await;
    assert_eq!(
        all,
        json!({"results": [index("rex"), index("cas")], "offset": 0, "limit": 20, "total": 2})
    );
    let (_, second) = get("/indexes?offset=1&limit=1").await;
    assert_eq!(
        second,
        json!({"results": [index("cas")], "offset": 1, "limit": 1, "total": 2})
    );
    assert_eq!(get("/indexes/cas").await, (StatusCode::OK, index("cas")));
    let (_, version) = get("/version").await;
    assert_eq!(
        version,
        json!({"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": env!("CARGO_PKG_VERSION")})
    );
    for (path, code) in [
        ("/indexes?limit=x", "invalid_index_limit"),
        ("/indexes?offset=x", "invalid_index_offset"),
        ("/indexes?ofset=1", "bad_request"),
        ("/indexes/none", "index_not_found"),
    ] {
        assert_eq!(get(path).await.1["code"], code, "{path}");
    }
    assert_eq!(get("/health").await.1["status"], "available");
}

#[tokio::test]
async fn nothing_can_be_written_and_nothing_else_read() {
    for (method, path, status, code) in [
        (Method::POST, "/indexes", 405, "method_not_allowed"),
        (Method::DELETE, "/indexes/rex", 405, "method_not_allowed"),
        (Method::PATCH, "/indexes/rex", 405, "method_not_allowed"),
        (Method::PUT, "/indexes/rex/search", 405, "method_not_allowed"),
        (Method::GET, "/indexes/rex/facet-search", 405, "method_not_allowed"),
        (Method::GET, "/multi-search", 405, "method_not_allowed"),
        (Method::POST, "/version", 405, "method_not_allowed"),
        (Method::POST, "/indexes/rex/documents", 404, "not_found"),
        (Method::GET, "/indexes/rex/settings/synonyms", 404, "not_found"),
        (Method::GET, "/indexes/rex/stats", 404, "not_found"),
    ] {
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .body(Body::empty())
            .unwrap();
        let (given, error) = send(request).await;
        assert_eq!(
            (given.as_u16(), &error["code"]),
            (status, &json!(code)),
            "{method} {path}"
        );
        assert_eq!(error["type"], "invalid_request");
    }
}

#[tokio::test]
async fn a_long_query_is_searched_as_far_as_it_goes() {
    let q = format!("papiers {}", "x".repeat(2_000));
    let answer = search(json!({"q": q})).await;
    assert_eq!(answer["query"], q);
    assert_eq!(answer["estimatedTotalHits"], 2);
}
