//! The files pages need, within the binary.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

use crate::widget;

const CSS: &str = concat!(
    include_str!("../assets/widget/look.css"),
    include_str!("../assets/pages.css")
);
const DOCS: &str = include_str!("../assets/docs.js");
const INTEGRATE: &str = include_str!("../assets/integrate.js");
const SEARCH: &str = include_str!("../assets/search.js");
const FAVICON: &str = include_str!("../assets/favicon.svg");

/// Pages name assets with this, so that a browser may keep them for good.
pub(crate) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::new()
        .chain_update(CSS)
        .chain_update(DOCS)
        .chain_update(INTEGRATE)
        .chain_update(SEARCH)
        .chain_update(FAVICON)
        .chain_update(widget::SCRIPT)
        .finalize();
    base16ct::lower::encode_string(&digest[..6])
});

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

pub(crate) async fn favicon() -> impl IntoResponse {
    asset("image/svg+xml", FAVICON)
}

/// The widget. Its address has no version in other people's pages, so that a browser asks each time whether it changed.
pub(crate) async fn widget() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        widget::SCRIPT,
    )
}

fn asset(content_type: &'static str, content: &'static str) -> impl IntoResponse {
    const YEAR: &str = "public, max-age=31536000, immutable";
    (
        [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, YEAR)],
        content,
    )
}
