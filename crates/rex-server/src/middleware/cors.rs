//! CORS, and `OPTIONS` requests that are not preflights.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long browsers may cache a preflight.
const PREFLIGHT: Duration = Duration::from_secs(86_400);
/// Response headers exposed to scripts of other origins.
const EXPOSED: [HeaderName; 4] = [
    header::ETAG,
    header::LINK,
    header::RETRY_AFTER,
    header::CONTENT_DISPOSITION,
];

/// The origins that may read answers in a browser. By default any: the API is read-only and has no cookies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AllowedOrigins {
    /// Any origin.
    #[default]
    Any,
    /// Only these, such as `https://www.example.org`.
    Only(Vec<HeaderValue>),
}

impl AllowedOrigins {
    /// Parses a list of origins; `*` alone allows any.
    ///
    /// # Errors
    /// A message that names the invalid entry.
    pub fn parse(origins: &[String]) -> Result<Self, String> {
        if origins.iter().any(|origin| origin == "*") {
            return match origins.len() {
                1 => Ok(Self::Any),
                _ => Err("\"*\" allows any origin, expected it alone or a list without it".to_owned()),
            };
        }
        let origin = |origin: &String| {
            let host = ["https://", "http://"]
                .iter()
                .find_map(|scheme| origin.strip_prefix(scheme));
            let is_host = |host: &str| {
                !host.is_empty()
                    && host
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte))
            };
            match HeaderValue::from_str(origin) {
                Ok(value) if host.is_some_and(is_host) => Ok(value),
                _ => Err(format!(
                    "\"{origin}\" is not an origin, expected one such as https://www.example.org, without a path"
                )),
            }
        };
        origins.iter().map(origin).collect::<Result<_, _>>().map(Self::Only)
    }

    /// The CORS layer: response headers and preflights.
    ///
    /// All request headers are allowed (clients send `X-Meilisearch-Client` or `Authorization`): none grants access to
    /// anything.
    pub(crate) fn layer(&self) -> CorsLayer {
        let (allowed, varies) = match self {
            Self::Any => (AllowOrigin::any(), vec![header::ACCESS_CONTROL_REQUEST_HEADERS]),
            Self::Only(origins) => (
                AllowOrigin::list(origins.iter().cloned()),
                vec![header::ORIGIN, header::ACCESS_CONTROL_REQUEST_HEADERS],
            ),
        };
        CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::OPTIONS])
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers(EXPOSED)
            .max_age(PREFLIGHT)
            .vary(varies)
    }
}

/// Whether an `OPTIONS` request is not a preflight.
pub(crate) fn is_plain_options(request: &Request) -> bool {
    let is_preflight = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    request.method() == Method::OPTIONS && !is_preflight
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(origins: &[&str]) -> Result<AllowedOrigins, String> {
        AllowedOrigins::parse(&origins.iter().map(|origin| (*origin).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_no_path() {
        assert_eq!(parse(&["*"]), Ok(AllowedOrigins::Any));
        let Ok(AllowedOrigins::Only(origins)) = parse(&["https://a.fr", "http://localhost:8080"]) else {
            panic!("two origins");
        };
        assert_eq!(origins.len(), 2);
        for wrong in [
            "a.fr",
            "https://a.fr/",
            "https://",
            "https://a.fr/x",
            "ftp://a.fr",
            "https://é.fr",
            "null",
        ] {
            let error = parse(&[wrong]).unwrap_err();
            assert!(error.starts_with(&format!("\"{wrong}\" is not an origin")), "{error}");
        }
        assert!(parse(&["*", "https://a.fr"]).unwrap_err().contains("alone"));
    }
}
