//! Serves static files and those of the publisher.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::middleware::etag::{entity_tag, matches_etag, with_etag};
use crate::pages;
use crate::search::app_state::AppState;
use crate::site::asset_files::{CASE, CSS, DOCS, FAVICON, INTEGRATE, SEARCH};
use crate::site::widget;
use rex_api::problem::Problem;

/// For versioned addresses: the content never changes.
const YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(crate) async fn css() -> impl IntoResponse {
    asset("text/css; charset=utf-8", CSS)
}

pub(crate) async fn docs() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", DOCS)
}

pub(crate) async fn integrate() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", INTEGRATE)
}

pub(crate) async fn search() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", SEARCH)
}

pub(crate) async fn case() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", CASE)
}

pub(crate) async fn favicon() -> impl IntoResponse {
    asset("image/svg+xml", FAVICON)
}

/// The widget. Other sites embed it without a version, so that browsers revalidate it. Its ETag changes with the script
/// only.
pub(crate) async fn widget(headers: HeaderMap) -> Response {
    let tag = entity_tag(&[widget::widget_integrity()]);
    let response = if matches_etag(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content_type = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
        (content_type, widget::SCRIPT).into_response()
    };
    with_etag(response, &tag)
}

/// The publisher's accent colours as a style sheet: the content security policy blocks inline styles.
pub(crate) async fn site(State(state): State<AppState>) -> Response {
    match state.site().accents {
        Some(accents) => asset("text/css; charset=utf-8", accents.css()).into_response(),
        None => pages::problem(&state, &Problem::NotFound(String::new())),
    }
}

/// The publisher's logo.
pub(crate) async fn logo(State(state): State<AppState>) -> Response {
    let Some(logo) = &state.site().logo else {
        return pages::problem(&state, &Problem::NotFound(String::new()));
    };
    let mut response = asset(logo.content_type(), logo.content()).into_response();
    if logo.is_svg() {
        // An SVG opened by itself must not run scripts or load anything.
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        );
    }
    response
}

fn asset(content_type: &'static str, content: impl IntoResponse) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, YEAR),
    ];
    (headers, content)
}
