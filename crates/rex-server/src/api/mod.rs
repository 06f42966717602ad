//! The `/v1` API: thin handlers over [`crate::Query`] and the engine.

mod case;
mod csv;
mod export;
mod facets;
mod feed;
mod health;
mod openapi;
mod search;
mod similar;
mod suggest;

pub(crate) use case::case;
pub(crate) use export::export;
pub(crate) use facets::facet;
pub(crate) use feed::feed;
pub(crate) use health::{health, ready};
pub use openapi::ApiDoc;
pub(crate) use openapi::openapi;
pub(crate) use search::search;
pub(crate) use similar::similar;
pub(crate) use suggest::suggest;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use rex_api::problem::Problem;

use crate::http::problem::HttpProblem;

/// Bytes that most answers have: to take more, and more again while one is written, is to copy it each time.
const USUAL_BODY: usize = 16 << 10;

/// A value as a JSON answer.
fn json(value: &impl Serialize) -> Result<Response, HttpProblem> {
    Ok(serialize(value).map(json_response)?)
}

fn serialize(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::with_capacity(USUAL_BODY);
    serde_json::to_writer(&mut body, value).map_err(failed)?;
    Ok(body)
}

/// An answer that did not serialize is our failure.
fn failed(error: serde_json::Error) -> Problem {
    tracing::error!(%error, "an answer did not serialize");
    Problem::Internal
}

fn json_response(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The characters of a text that a table and a feed can hold: lines stay, other white space that is a control character, a tab above
/// all, becomes a space, and what is left of those characters goes.
fn printable(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut next = text.chars().skip(1).chain(['\0']);
    text.chars().filter_map(move |c| {
        let next = next.next();
        match c {
            '\n' => Some(c),
            '\r' if next == Some('\n') => None,
            c if c.is_control() => c.is_whitespace().then_some(' '),
            c => Some(c),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_stays_white_space() {
        for (text, expected) in [
            ("Lot\t1", "Lot 1"),
            ("a\r\nb\nc\rd", "a\nb\nc d"),
            ("a\u{b}b\u{c}c\u{85}d", "a b c d"),
            ("a\u{8}b\u{0}c\u{7f}", "abc"),
            ("é\u{a0}€", "é\u{a0}€"),
        ] {
            assert_eq!(printable(text).collect::<String>(), expected, "{text:?}");
        }
    }
}
