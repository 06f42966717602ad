//! ETags and conditional requests.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::search::app_state::AppState;

/// Caches may store the response but must revalidate it, so that an updated index shows at once.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// Adds an ETag to successful `GET` and `HEAD` responses, a digest of what the response depends on: generation, version,
/// settings and request. A matching `If-None-Match` returns 304 without running the handler.
///
/// Responses that set `ETag` or `Cache-Control` themselves are left unchanged.
pub(crate) async fn revalidate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let tag = entity_tag(&[
        state.generation(),
        env!("CARGO_PKG_VERSION"),
        state.settings_digest(),
        request.uri().path(),
        request.uri().query().unwrap_or_default(),
        // Absolute addresses in the response depend on it.
        header_text(request.headers(), &header::HOST),
        header_text(request.headers(), &FORWARDED_PROTO),
    ]);
    if matches_etag(request.headers(), &tag) {
        return with_etag(StatusCode::NOT_MODIFIED.into_response(), &tag);
    }
    let wants_none = is_any(request.headers());
    let response = next.run(request).await;
    if wants_none && response.status() == StatusCode::OK {
        let known = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let tag = known.unwrap_or(&tag).to_owned();
        return with_etag(StatusCode::NOT_MODIFIED.into_response(), &tag);
    }
    let is_settled = [header::ETAG, header::CACHE_CONTROL]
        .iter()
        .any(|name| response.headers().contains_key(name));
    if is_settled || response.status() != StatusCode::OK {
        return response;
    }
    with_etag(response, &tag)
}

/// The scheme of the request, as the reverse proxy received it.
pub(crate) const FORWARDED_PROTO: header::HeaderName = header::HeaderName::from_static("x-forwarded-proto");

/// A weak validator (RFC 9110, 8.8.3) over some parts. Weak, since compression and `took_ms` change the bytes.
pub(crate) fn entity_tag(parts: &[impl AsRef<[u8]>]) -> String {
    let digest = parts.iter().map(AsRef::as_ref).fold(Sha256::new(), |digest, part| {
        digest.chain_update(part.len().to_le_bytes()).chain_update(part)
    });
    format!("W/\"{}\"", base16ct::lower::encode_string(&digest.finalize()[..12]))
}

/// Whether `If-None-Match` matches a tag, by weak comparison (RFC 9110, 13.1.2); for `*` see [`is_any`].
pub(crate) fn matches_etag(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| opaque(known) == opaque(tag))
}

/// Whether `If-None-Match` is `*`, which matches any existing resource: known only once the handler has run.
fn is_any(headers: &HeaderMap) -> bool {
    header_text(headers, &header::IF_NONE_MATCH).trim() == "*"
}

/// Adds an ETag to a response.
pub(crate) fn with_etag(mut response: Response, tag: &str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
        response.headers_mut().insert(header::CACHE_CONTROL, NO_CACHE);
    }
    response
}

/// A header as text; empty where absent.
pub(crate) fn header_text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
