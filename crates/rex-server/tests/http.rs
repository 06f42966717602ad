//! The router: statuses, headers and the OpenAPI document.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use rex_indexer::IndexWriter;
use rex_query::Facet;
use rex_search::Engine;
use rex_server::{AppState, Site, router};
use serde_json::Value;
use tantivy::directory::RamDirectory;
use tower::ServiceExt;

fn state(records: &[Value]) -> AppState {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for record in records {
        writer.add(&serde_json::from_value(record.clone()).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    AppState::new(Engine::open(directory, "g-test").unwrap(), Site::default())
}

async fn ask(method: Method, path: &str) -> Response {
    let records = [serde_json::json!({"id": "é-1", "titre": "Tri des déchets", "montant_ht": 0.5})];
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    router(state(&records)).oneshot(request).await.unwrap()
}

async fn json(path: &str) -> Value {
    let body = to_bytes(ask(Method::GET, path).await.into_body(), 1 << 20)
        .await
        .unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn the_openapi_document_is_this_one() {
    let mut document = json("/v1/openapi.json").await;
    document["info"]["version"] = "of the crate".into();
    insta::assert_json_snapshot!("openapi", document);
}

#[tokio::test]
async fn the_openapi_document_names_the_parameters_that_are_taken() {
    let document = json("/v1/openapi.json").await;
    let parameters = document["paths"]["/v1/search"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<&str> = parameters
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), Facet::ALL.len() + 7);
    for name in names {
        let value = match name {
            "montant" | "duree" => "1..2",
            "page" | "par_page" | "maxi" => "1",
            "matching" => "all",
            "tri" => "titre",
            "facettes" => "cpv",
            "cpv" => "75231240",
            "annee" => "2023",
            _ => "x",
        };
        let response = ask(Method::GET, &format!("/v1/search?{name}={value}")).await;
        assert_eq!(response.status(), StatusCode::OK, "{name}");
    }
}

#[tokio::test]
async fn digits_that_no_code_is_printed_by_are_refused() {
    for value in ["728810001-1", "7"] {
        let problem = json(&format!("/v1/search?cpv={value}")).await;
        assert_eq!(problem["status"], 400, "{value}");
        assert_eq!(
            problem["detail"],
            format!(
                "cpv: \"{value}\" is not a CPV code, expected eight digits and their check digit such as 75231240-8"
            )
        );
    }
    let problem = json("/v1/search?cpv=75231240-1").await;
    assert_eq!(
        problem["detail"],
        "cpv: bad CPV check digit in \"75231240-1\", expected 75231240-8 if the eight digits are right"
    );
}

#[tokio::test]
async fn only_reading_is_possible() {
    assert_eq!(ask(Method::HEAD, "/v1/search").await.status(), StatusCode::OK);
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        for path in ["/", "/v1/search", "/v1/cases/x", "/health"] {
            let response = ask(method.clone(), path).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(response.headers()["content-type"], "application/problem+json");
        }
    }
}

#[tokio::test]
async fn an_id_survives_its_address() {
    let hit = json("/v1/search?q=dechet").await["hits"][0].clone();
    assert_eq!(hit["url"], "/cas/%C3%A9-1");
    assert_eq!(hit["record"]["montant_ht"], 0.5);
    let case = json("/v1/cases/%C3%A9-1").await;
    assert_eq!(case["id"], "é-1");
    for apart_or_joined in ["/cas/%C3%A9-1", "/cas/e%CC%81-1"] {
        assert_eq!(ask(Method::GET, apart_or_joined).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_bucket_is_selected_by_the_value_it_gives() {
    let buckets = json("/v1/search").await["facets"]["montant"]["buckets"].clone();
    assert_eq!(
        buckets[0],
        serde_json::json!({"value": "0..39999.99", "from": 0, "to": 40000, "count": 1, "selected": false})
    );
    let answer = json("/v1/search?montant=0..39999.99").await;
    assert_eq!(answer["total"], 1);
    assert_eq!(answer["facets"]["montant"]["buckets"][0]["selected"], true);
}

#[tokio::test]
async fn codes_come_with_what_they_are_called() {
    let records = [
        serde_json::json!({"id": "a", "titre": "Réinsertion", "cpv": "75231240"}),
        serde_json::json!({"id": "b", "titre": "Autre", "cpv": "90911200", "anomalies": ["durée de <0> mois"]}),
    ];
    let get = async |path: &str| {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = router(state(&records)).oneshot(request).await.unwrap();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    };
    let json = async |path: &str| serde_json::from_str::<Value>(&get(path).await).unwrap();
    let answer = json("/v1/search?tri=titre").await;
    assert_eq!(answer["hits"][1]["record"]["cpv_libelle"], "Services de réinsertion");
    assert!(answer["hits"][0]["record"].get("cpv_libelle").is_none());
    let tree = &answer["facets"]["cpv"]["values"];
    let division = &tree
        .as_array()
        .unwrap()
        .iter()
        .find(|value| value["path"] == "75000000")
        .unwrap();
    assert_eq!(division["label"], "Administration et sécurité sociale");
    assert_eq!(
        division["children"][0]["label"],
        "Prestations de services pour la collectivité"
    );
    assert!(
        tree[1]["children"][0].get("label").is_none(),
        "a code the list does not have"
    );
    assert!(answer["facets"]["nature"]["values"].as_array().unwrap().is_empty());
    assert_eq!(json("/v1/cases/a").await["cpv_libelle"], "Services de réinsertion");
    assert_eq!(json("/v1/cases/b").await["anomalies"][0], "durée de <0> mois");
    let page = get("/recherche?cpv=75231240").await;
    assert_eq!(
        page.matches("75231240-8 Services de réinsertion").count(),
        2,
        "facet and active filter"
    );
    assert!(
        get("/recherche?q=75231240")
            .await
            .contains("</span> 75231240-8 Services de réinsertion</a>")
    );
    assert!(get("/cas/a").await.contains(">75231240-8 Services de réinsertion</a>"));
    let page = get("/cas/b").await;
    assert!(
        page.contains("Données écartées à l'import") && page.contains("<li>durée de &#60;0&#62; mois</li>"),
        "{page}"
    );
    assert!(!get("/cas/a").await.contains("écartées"));
}

#[tokio::test]
async fn an_empty_index_answers() {
    for path in ["/", "/v1/suggest", "/v1/suggest?q=cart"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = router(state(&[])).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        if path != "/" {
            let answer: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(answer["suggestions"], serde_json::json!([]), "{path}");
        }
    }
}
