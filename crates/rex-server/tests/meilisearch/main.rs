//! The Meilisearch API as clients use it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod batches;
mod counts;
mod formatted;
mod hits;
mod refusals;
mod routes;

use std::sync::LazyLock;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use rex_indexer::IndexWriter;
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

/// Shared by all tests.
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

/// The answer to a valid search.
async fn search(body: Value) -> Value {
    let (status, answer) = post("/indexes/rex/search", &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

/// The ids that match a filter, sorted.
async fn ids(filter: Value) -> Vec<String> {
    let answer = search(json!({"filter": filter, "attributesToRetrieve": ["id"]})).await;
    let hits = answer["hits"].as_array().unwrap();
    let mut ids: Vec<_> = hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(answer["estimatedTotalHits"], ids.len());
    ids.sort();
    ids
}

/// Checks the error response to a request.
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
