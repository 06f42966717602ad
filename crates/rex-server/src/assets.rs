//! The files pages need, within the binary.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

const CSS: &str = include_str!("../assets/rex.css");
const FAVICON: &str = include_str!("../assets/favicon.svg");

/// Pages name the style sheet with this, so that a browser may keep it for good.
pub(crate) static CSS_VERSION: LazyLock<String> = LazyLock::new(|| {
    Sha256::digest(CSS)
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

pub(crate) async fn css() -> impl IntoResponse {
    asset("text/css; charset=utf-8", CSS)
}

pub(crate) async fn favicon() -> impl IntoResponse {
    asset("image/svg+xml", FAVICON)
}

fn asset(content_type: &'static str, content: &'static str) -> impl IntoResponse {
    const YEAR: &str = "public, max-age=31536000, immutable";
    (
        [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, YEAR)],
        content,
    )
}
