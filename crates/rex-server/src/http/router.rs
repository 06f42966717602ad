//! Routes and middleware of the server.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::FutureExt;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::http::host::with_host;
use crate::http::problem::HttpProblem;
use crate::middleware::rate_limit::PeerAddress;
use crate::middleware::{access_log, admission, cors, etag};
use crate::search::app_state::AppState;
use crate::site::{assets, sitemap};
use crate::telemetry::metrics::Metrics;
use crate::telemetry::metrics_endpoint;
use crate::{api, meilisearch, pages};
use rex_api::problem::Problem;

/// Headers of every response that does not set them itself.
static DEFAULT_HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    // Other sites load the widget, the logo and answers.
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ),
];

/// The router with all middleware.
pub fn router(state: AppState) -> Router {
    let layers = (
        from_fn_with_state(state.clone(), with_access_log),
        state.origins().layer(),
        from_fn_with_state(state.clone(), admission::admit),
        CompressionLayer::new(),
        from_fn_with_state(state.clone(), etag::revalidate),
    );
    // A single layer: axum clones the layers of a route for each request.
    routes().layer(layers).with_state(state)
}

/// The router for requests of the server to itself: neither counted nor logged.
fn unlogged_router(state: AppState) -> Router {
    let layers = (
        from_fn_with_state(state.clone(), with_guards),
        state.origins().layer(),
        from_fn_with_state(state.clone(), admission::admit),
        CompressionLayer::new(),
        from_fn_with_state(state.clone(), etag::revalidate),
    );
    routes().layer(layers).with_state(state)
}

fn routes() -> Router<AppState> {
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
        .route(
            "/v1/docs",
            get(|state, headers| pages::docs(unlogged_router, state, headers)),
        )
        .route("/v1/openapi.json", get(api::openapi))
        .route("/health", get(api::health))
        .route("/ready", get(api::ready))
        .route("/metrics", get(metrics_endpoint::metrics))
        .route("/assets/rex.css", get(assets::css))
        .route("/assets/search.js", get(assets::search))
        .route("/assets/docs.js", get(assets::docs))
        .route("/assets/case.js", get(assets::case))
        .route("/assets/site.css", get(assets::site))
        .route("/logo", get(assets::logo))
        .route("/robots.txt", get(sitemap::robots))
        .route("/sitemap.xml", get(sitemap::sitemap))
        // A route segment cannot continue after a parameter: the handler parses `1.xml`.
        .route("/sitemap-{part}", get(sitemap::part))
        .route("/assets/integrate.js", get(assets::integrate))
        // Gzip at its best level is smaller than Brotli at a level that is as fast.
        .route(
            "/rex-search.js",
            get(assets::widget).layer(CompressionLayer::new().no_br().quality(CompressionLevel::Best)),
        )
        .route("/favicon.svg", get(assets::favicon))
        .merge(meilisearch::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
}

async fn with_access_log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    access_log::observe(state.metrics(), request, |request| {
        with_guards(State(state.clone()), request, next)
    })
    .await
}

/// Adds the default headers, catches panics, and answers `OPTIONS` requests that are not preflights.
async fn with_guards(state: State<AppState>, request: Request, next: Next) -> Response {
    let metrics = state.metrics().clone();
    let answer = AssertUnwindSafe(answer(state, request, next)).catch_unwind().await;
    let mut response = answer.unwrap_or_else(|cause| panicked(&metrics, &*cause));
    let headers = response.headers_mut();
    headers.reserve(DEFAULT_HEADERS.len());
    for (name, value) in &DEFAULT_HEADERS {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    response
}

async fn answer(state: State<AppState>, request: Request, next: Next) -> Response {
    // Requests of the server to itself come over no connection.
    let request = match request.extensions().get::<PeerAddress>() {
        None => request,
        Some(_) => match with_host(request) {
            Ok(request) => request,
            Err(problem) => return HttpProblem(problem).into_response(),
        },
    };
    // For an `OPTIONS` that is not a preflight, the router sets `Allow` to the methods of the route.
    match cors::is_plain_options(&request) {
        true if request.extensions().get::<MatchedPath>().is_some() => StatusCode::NO_CONTENT.into_response(),
        true => not_found(state, request).await,
        false => next.run(request).await,
    }
}

async fn not_found(state: State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/v1" || path.starts_with("/v1/") {
        return HttpProblem(Problem::unknown_address(path)).into_response();
    }
    pages::problem(&state, &Problem::NotFound(String::new()))
}

async fn method_not_allowed() -> HttpProblem {
    HttpProblem(Problem::MethodNotAllowed)
}

/// Counts and logs a caught panic. The client gets an internal error without its message.
fn panicked(metrics: &Metrics, cause: &(dyn Any + Send)) -> Response {
    metrics.panicked();
    let message = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(cause = message, "a request panicked");
    HttpProblem(Problem::Internal).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_counted_and_answered() {
        let metrics = Metrics::start();
        let response = panicked(&metrics, &"a mistake");
        assert_eq!(response.status(), 500);
        assert!(metrics.text().is_ok_and(|text| text.contains("\nrex_panics_total 1\n")));
    }
}
