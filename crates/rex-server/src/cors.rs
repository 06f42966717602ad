//! Where browsers may read answers from: CORS, and the plain `OPTIONS`.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Seconds that a browser may keep the answer to a preflight: a day.
const PREFLIGHT_SECONDS: HeaderValue = HeaderValue::from_static("86400");
const METHODS: HeaderValue = HeaderValue::from_static("GET,HEAD,POST,OPTIONS");
/// Headers that a page may read besides those that every page may.
const EXPOSED: HeaderValue = HeaderValue::from_static("etag,link,retry-after,content-disposition");
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

    /// The headers of a request that say what its answer tells browsers.
    fn varies(&self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Any => "access-control-request-headers",
            Self::Only(_) => "origin, access-control-request-headers",
        })
    }

    /// The origin that a request may be read from: every one, or the one it names, if that is one of these.
    fn allowed(&self, request: &HeaderMap) -> Option<HeaderValue> {
        match self {
            Self::Any => Some(HeaderValue::from_static("*")),
            Self::Only(origins) => {
                let origin = request.get(header::ORIGIN)?;
                origins.contains(origin).then(|| origin.clone())
            }
        }
    }
}

/// Tells browsers which origins may read an answer. A preflight is answered here; of an `OPTIONS` that is none, the answer is
/// the methods of the address, which the router names in `Allow`.
pub(crate) async fn answer(
    origins: &Origins,
    mut request: Request,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let allowed = origins.allowed(request.headers());
    let is_options = request.method() == Method::OPTIONS;
    let mut response = if is_options && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        preflight(request.headers())
    } else {
        if is_options {
            // No address takes this method: whether it is refused or not found says whether there is such an address.
            *request.method_mut() = Method::TRACE;
        }
        let mut response = answer(request).await;
        if is_options && response.status() == StatusCode::METHOD_NOT_ALLOWED {
            return StatusCode::NO_CONTENT.into_response();
        }
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        response
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, origins.varies());
    if let Some(allowed) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    }
    response
}

/// What a browser asks before it sends a request that a form could not send.
fn preflight(request: &HeaderMap) -> Response {
    let mut response = Response::default();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
    // Clients add headers of their own (`X-Meilisearch-Client`, `Authorization`); none of them opens anything.
    if let Some(asked) = request.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    response
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
