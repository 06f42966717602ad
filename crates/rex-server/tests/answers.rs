//! `rex_api::Api` answers like the router.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::body::{Body, to_bytes};
use axum::http::Request;
use rex_api::Api;
use rex_corpus::CpvLabels;
use rex_indexer::IndexWriter;
use rex_search::Engine;
use rex_server::{AppState, Site, router};
use serde_json::json;
use tantivy::directory::RamDirectory;
use tower::ServiceExt;

fn index() -> RamDirectory {
    let directory = RamDirectory::create();
    let writer = IndexWriter::create(directory.clone()).unwrap();
    for record in [
        json!({
            "id": "é-1", "titre": "Tri des déchets", "montant_ht": 127_721.5, "duree_mois": 12, "cpv": "75231240-8",
            "territoire": ["Occitanie", "Lot"], "themes": ["tri"], "date": "2023-05-01", "nature": "services",
            "acheteur": {"nom": "Ville de Cahors"}, "titulaires": [{"nom": "A & B", "structure": "Association"}],
            "sections": [{"titre": "Contexte", "texte": "Le **tri** des <cartons>."}],
        }),
        json!({
            "id": "a/b", "titre": "Collecte de cartons", "cpv": "75231240-8", "territoire": ["Occitanie", "Lot"],
            "sections": [{"titre": "", "texte": "La collecte et le tri des cartons."}],
        }),
        json!({"id": "c", "titre": "Espaces verts", "nature": "travaux"}),
    ] {
        writer.add(&serde_json::from_value(record).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    directory
}

/// A body without the value of `took_ms`.
fn without_time(body: Vec<u8>) -> String {
    const NAME: &str = "\"took_ms\":";
    let body = String::from_utf8(body).unwrap();
    let Some((before, after)) = body.split_once(NAME) else {
        return body;
    };
    let end = after.find(',').unwrap();
    format!("{before}{NAME}{}", &after[end..])
}

#[tokio::test]
async fn the_api_alone_answers_the_bytes_of_the_router() {
    let directory = index();
    let open = || Engine::open(directory.clone(), "g-20231005T081500123Z-1a2b3c4d").unwrap();
    let router = router(AppState::new(open(), Site::default()));
    let backend = open();
    let labels = CpvLabels::shipped();
    let api = Api {
        backend: &backend,
        labels: &labels,
    };
    for (address, is_found) in [
        ("/v1/search", true),
        ("/v1/search?q=tri&tri=-montant&par_page=1", true),
        ("/v1/search?q=dechtes", true),
        ("/v1/search?q=tri&facettes=cpv,montant&maxi=1&theme=tri", true),
        ("/v1/search?territoire=46&nature=Services", true),
        ("/v1/search?q=tri&page=9", true),
        ("/v1/search?x=1", false),
        ("/v1/search?cpv=7", false),
        ("/v1/search?q=%ff", false),
        ("/v1/suggest", true),
        ("/v1/suggest?q=col&limite=3", true),
        ("/v1/suggest?limite=0", false),
        ("/v1/facets/cpv", true),
        ("/v1/facets/territoire?q=lot&recherche=tri&maxi=1&page=1", true),
        ("/v1/facets/theme?territoire=lot", true),
        ("/v1/facets/montant", false),
        ("/v1/facets/them%c3%a9?q=x", false),
        ("/v1/facets/%ff", false),
        ("/v1/facets/", false),
        ("/v1/cases/%C3%A9-1", true),
        ("/v1/cases/e%CC%81-1", true),
        ("/v1/cases/a%2Fb", true),
        ("/v1/cases/c?x=1", false),
        ("/v1/cases/none", false),
        ("/v1/cases/%ff", false),
        ("/v1/cases/", false),
        ("/v1/cases/%C3%A9-1/similar", true),
        ("/v1/cases/a%2Fb/similar?limite=1", true),
        ("/v1/cases/c/similar", true),
        ("/v1/cases/c/similar?limite=21", false),
        ("/v1/cases/none/similar", false),
        ("/v1/cases/%ff/similar", false),
        ("/v1/cases/c/similar/x", false),
        ("/v1", false),
        ("/v1/searches?q=tri", false),
    ] {
        let request = Request::get(address).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec();
        assert_eq!(status == 200, is_found, "{address}: {status}");
        let answered = match api.answer(address) {
            Ok(json) => (200, json),
            Err(problem) => (problem.status(), problem.json()),
        };
        assert_eq!(
            (answered.0, without_time(answered.1)),
            (status, without_time(body)),
            "{address}"
        );
    }
    let long = format!("/v1/search?q={}", "x".repeat(20_000));
    assert_eq!(api.answer(&long), Err(rex_api::Problem::AddressTooLong));
    assert!(matches!(api.answer("/"), Err(rex_api::Problem::NotFound(_))));
}
