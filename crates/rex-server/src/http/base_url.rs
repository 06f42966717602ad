//! The base URL of the site, for absolute addresses.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::http::host::is_host;
use crate::middleware::etag::{FORWARDED_PROTO, header_text};
use crate::site::config::Site;

/// The base URL without a trailing `/`: the configured one, else derived from `Host` and `X-Forwarded-Proto`.
pub(crate) fn base_address(site: &Site, headers: &HeaderMap) -> String {
    if let Some(url) = &site.url {
        return url.clone();
    }
    let host = header_text(headers, &header::HOST);
    let host = if is_host(host) { host } else { "localhost" };
    let scheme = match header_text(headers, &FORWARDED_PROTO) {
        "https" => "https",
        _ => "http",
    };
    format!("{scheme}://{host}")
}

/// Adds a `Link` header with the canonical address (RFC 6596).
pub(crate) fn with_canonical(mut response: Response, address: &str) -> Response {
    if let Ok(link) = HeaderValue::from_str(&format!("<{address}>; rel=\"canonical\"")) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    #[test]
    fn a_request_is_believed_as_far_as_it_names_a_host() {
        let base = |pairs: &[(HeaderName, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
            base_address(&Site::default(), &headers.collect())
        };
        assert_eq!(base(&[]), "http://localhost");
        assert_eq!(base(&[(header::HOST, "[::1]:7373")]), "http://[::1]:7373");
        assert_eq!(
            base(&[(header::HOST, "rex.fr"), (FORWARDED_PROTO, "https")]),
            "https://rex.fr"
        );
        assert_eq!(
            base(&[(header::HOST, "a/<script>"), (FORWARDED_PROTO, "x")]),
            "http://localhost"
        );
        let site = Site {
            url: Some("https://rex.example.org/cas".to_owned()),
            ..Site::default()
        };
        assert_eq!(base_address(&site, &HeaderMap::new()), "https://rex.example.org/cas");
    }
}
