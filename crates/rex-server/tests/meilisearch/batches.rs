//! Several searches in one request.

use super::*;

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
