use std::any::Any;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::limits::MAX_ADDRESS;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::state::AppState;
use crate::{api, assets, caching, client, cors, meilisearch, metrics, pages, requests, sitemap};

/// Every address Rex answers.
pub fn router(state: AppState) -> Router {
    unobserved(state.clone()).layer(from_fn_with_state(state, requests::observe))
}

/// The same for what Rex asks itself, which is no request of anybody: neither counted nor logged as one.
pub(crate) fn unobserved(state: AppState) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/recherche", get(pages::search))
        .route("/cas/{id}", get(pages::case))
        .route("/integrer", get(pages::integrate))
        .route("/v1/search", get(api::search))
        .route("/v1/suggest", get(api::suggest))
        .route("/v1/facets/{facet}", get(api::facet))
        .route("/v1/export.csv", get(api::export))
        .route("/v1/feed.atom", get(api::feed))
        .route("/v1/cases/{id}", get(api::case))
        .route("/v1/cases/{id}/similar", get(api::similar))
        .route("/v1/docs", get(pages::docs))
        .route("/v1/openapi.json", get(api::openapi))
        .route("/health", get(api::health))
        .route("/ready", get(api::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/assets/rex.css", get(assets::css))
        .route("/assets/search.js", get(assets::search))
        .route("/assets/docs.js", get(assets::docs))
        .route("/assets/case.js", get(assets::case))
        .route("/assets/site.css", get(assets::site))
        .route("/logo", get(assets::logo))
        .route("/robots.txt", get(sitemap::robots))
        .route("/sitemap.xml", get(sitemap::sitemap))
        // The router takes no name that ends with more than a parameter: the handler reads `1.xml`.
        .route("/sitemap-{part}", get(sitemap::part))
        .route("/assets/integrate.js", get(assets::integrate))
        .route("/rex-search.js", get(assets::widget))
        .route("/favicon.svg", get(assets::favicon))
        .merge(meilisearch::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(state.clone(), caching::revalidate))
        .layer(CompressionLayer::new())
        .layer(from_fn(short_address))
        .layer(from_fn_with_state(state.clone(), client::limit))
        .layer(state.origins().layer())
        .layer(from_fn(cors::options))
        .layer(CatchPanicLayer::custom(panicked(state.metrics())))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "strict-origin-when-cross-origin"))
        .layer(always(header::X_FRAME_OPTIONS, "DENY"))
        .layer(always(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ))
        // The widget, the logo and answers are made to be used by other sites.
        .layer(always(
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ))
        .layer(always(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ))
        .layer(always(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .with_state(state)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn not_found(state: axum::extract::State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/v1" || path.starts_with("/v1/") {
        let path: String = path.chars().take(100).collect();
        return Problem::NotFound(format!("there is no {path}; /v1/docs lists what there is")).into_response();
    }
    pages::problem(&state, &Problem::NotFound(String::new()))
}

/// Refuses an address that no form and no client of ours makes.
async fn short_address(request: Request, next: Next) -> Response {
    let length = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if length > MAX_ADDRESS {
        return Problem::AddressTooLong.into_response();
    }
    next.run(request).await
}

async fn method_not_allowed() -> Problem {
    Problem::MethodNotAllowed
}

/// A panic ends one request, not the server; its message is ours to read.
fn panicked(metrics: &Metrics) -> impl Fn(Box<dyn Any + Send>) -> Response + Clone + use<> {
    let metrics = metrics.clone();
    move |cause| {
        metrics.panicked();
        let message = cause
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| cause.downcast_ref::<&str>().copied());
        tracing::error!(cause = message, "a request panicked");
        Problem::Internal.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_counted_and_answered() {
        let metrics = Metrics::start();
        let response = panicked(&metrics)(Box::new("a mistake"));
        assert_eq!(response.status(), 500);
        assert!(metrics.text().is_ok_and(|text| text.contains("\nrex_panics_total 1\n")));
    }
}
