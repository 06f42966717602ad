//! The host that a request is for (RFC 9112, section 3.2).

use std::net::Ipv6Addr;

use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use rex_api::problem::Problem;

/// Maximum length of a host name and of one of its labels (RFC 1035, section 2.3.4).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Checks the `Host` of a request. A target in absolute form takes its place.
///
/// # Errors
/// [`Problem::MalformedRequest`]: no `Host` in HTTP/1.1, several, or one that is not valid.
pub(crate) fn with_host(mut request: Request) -> Result<Request, Problem> {
    let malformed = |what: &str| Err(Problem::MalformedRequest(what.to_owned()));
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(_), Some(_)) => return malformed("the request has several Host headers, expected one"),
        (None, _) if request.version() >= Version::HTTP_11 => {
            return malformed("the request has no Host header, expected one");
        }
        (Some(host), None) if !is_valid(host.as_bytes()) => {
            return malformed("the Host header is not valid, expected a host such as rex.example.org:7373");
        }
        _ => {}
    }
    if let Some(authority) = request.uri().authority() {
        let host = authority.as_str();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let Ok(host) = HeaderValue::from_str(host) else {
            return malformed("the address of the request has no valid host");
        };
        request.headers_mut().insert(header::HOST, host);
    }
    Ok(request)
}

/// Whether a `Host` follows the grammar of RFC 3986, section 3.2.2. It may be empty.
fn is_valid(host: &[u8]) -> bool {
    let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(byte);
    let end = match host.strip_prefix(b"[") {
        Some(literal) => match literal.iter().position(|byte| *byte == b']') {
            Some(end) if literal[..end].iter().all(|byte| is_in_name(byte) || *byte == b':') => end + 2,
            _ => return false,
        },
        None => host.iter().take_while(|byte| is_in_name(byte)).count(),
    };
    match &host[end..] {
        [] => true,
        [b':', port @ ..] => port.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether a text is a host name or an IP address, with or without a port: only such a host is repeated in links.
pub(crate) fn is_host(host: &str) -> bool {
    if let Some(literal) = host.strip_prefix('[') {
        return literal.split_once(']').is_some_and(|(address, port)| {
            address.parse::<Ipv6Addr>().is_ok() && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
        });
    }
    let (name, port) = host
        .split_once(':')
        .map_or((host, None), |(name, port)| (name, Some(port)));
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= MAX_NAME && name.split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_maybe_a_port() {
        let label = "a".repeat(MAX_LABEL);
        let name = [label.as_str(); 4].join(".");
        for host in [
            "rex.fr",
            "localhost:7373",
            "127.0.0.1",
            "[::1]",
            "[2001:db8::1]:80",
            "a-b.c",
            &name[..MAX_NAME],
        ] {
            assert!(is_host(host) && is_valid(host.as_bytes()), "{host}");
        }
        for host in [
            "",
            ".",
            "-",
            "a..b",
            "a.",
            "-a.fr",
            "a-.fr",
            "a_b.fr",
            "a b",
            "a:b",
            "a:",
            "a:+1",
            "a:65536",
            "::1",
            "[::1",
            "[x]",
            "[::1]x",
            "[::1]:x",
            "a/<script>",
            "a@b",
            &name,
            &format!("a{label}"),
        ] {
            assert!(!is_host(host), "{host}");
        }
        // Valid by the grammar, but no name.
        for host in ["", "a_b.fr:", "a.", "%41"] {
            assert!(is_valid(host.as_bytes()), "{host}");
        }
        for host in ["a/b", "a b", "a@b", "[::1", "a:b", "é", "a\"b", "a,b:1:2"] {
            assert!(!is_valid(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn a_request_is_for_one_host() {
        let host = |target: &str, version: Version, hosts: &[&str]| {
            let mut request = Request::builder().uri(target).version(version);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            let request = with_host(request.body(Body::empty()).unwrap())?;
            Ok(request
                .headers()
                .get(header::HOST)
                .map(|host| host.to_str().unwrap().to_owned()))
        };
        let (old, new) = (Version::HTTP_10, Version::HTTP_11);
        let some = |host: &str| Ok::<_, Problem>(Some(host.to_owned()));
        assert_eq!(host("/", new, &["rex.fr"]), some("rex.fr"));
        assert_eq!(host("/", old, &[]), Ok(None));
        assert_eq!(
            host("http://rex.fr:80/v1/search", new, &["other.fr"]),
            some("rex.fr:80")
        );
        assert_eq!(host("http://me@rex.fr/", new, &[""]), some("rex.fr"));
        for (version, hosts) in [
            (new, &[][..]),
            (new, &["a", "a"]),
            (old, &["a", "b"]),
            (new, &["a/b"]),
            (old, &["a b"]),
        ] {
            let refused = host("/", version, hosts);
            assert!(matches!(refused, Err(Problem::MalformedRequest(_))), "{hosts:?}");
        }
    }
}
