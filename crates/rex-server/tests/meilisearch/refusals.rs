//! Rejected requests: codes and messages.

use super::*;

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
