//! Where browsers may read answers from: CORS, and the plain `OPTIONS`.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long a browser may keep the answer to a preflight.
const PREFLIGHT_FOR: Duration = Duration::from_secs(86_400);

/// The origins whose pages may read answers in a browser. Nothing is written and there is no cookie, so by default all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Origins {
    /// Every one.
    #[default]
    Any,
    /// These, as `https://www.example.org`.
    Only(Vec<HeaderValue>),
}

impl Origins {
    /// Reads a list of origins: `*` alone for every one.
    ///
    /// # Errors
    /// What is not an origin, in a sentence.
    pub fn parse(origins: &[String]) -> Result<Self, String> {
        if origins.iter().any(|origin| origin == "*") {
            return match origins.len() {
                1 => Ok(Self::Any),
                _ => Err("\"*\" stands for every origin, expected it alone or a list without it".to_owned()),
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

    /// The layer that tells browsers.
    pub(crate) fn layer(&self) -> CorsLayer {
        let origin = match self {
            Self::Any => AllowOrigin::any(),
            Self::Only(origins) => AllowOrigin::list(origins.clone()),
        };
        CorsLayer::new()
            .allow_origin(origin)
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::OPTIONS])
            // Clients add headers of their own (`X-Meilisearch-Client`, `Authorization`); none of them opens anything.
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers([
                header::ETAG,
                header::LINK,
                header::RETRY_AFTER,
                header::CONTENT_DISPOSITION,
            ])
            .max_age(PREFLIGHT_FOR)
    }
}

/// Answers an `OPTIONS` that is no preflight, which the layer of CORS would take for one: with the methods of the address,
/// which the router names in `Allow`.
pub(crate) async fn options(mut request: Request, next: Next) -> Response {
    let is_preflight = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if request.method() != Method::OPTIONS || is_preflight {
        return next.run(request).await;
    }
    // No address takes this method: whether it is refused or not found says whether there is such an address.
    *request.method_mut() = Method::TRACE;
    let refusal = next.run(request).await;
    if refusal.status() != StatusCode::METHOD_NOT_ALLOWED {
        return refusal;
    }
    StatusCode::NO_CONTENT.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(origins: &[&str]) -> Result<Origins, String> {
        Origins::parse(&origins.iter().map(|origin| (*origin).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_no_path() {
        assert_eq!(parse(&["*"]), Ok(Origins::Any));
        let Ok(Origins::Only(origins)) = parse(&["https://a.fr", "http://localhost:8080"]) else {
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
