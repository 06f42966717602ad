//! `/v1/docs`: the API reference, rendered from the OpenAPI document with live examples.

use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use rex_query::FacetCounts;
use serde_json::Value;
use tower::ServiceExt;
use utoipa::OpenApi;

use super::layout::Layout;
use super::problem::problem;
use super::response::{html, scripted};
use crate::api::ApiDoc;
use crate::http::base_url::base_address;
use crate::middleware::etag::FORWARDED_PROTO;
use crate::render::markdown;
use crate::search::app_state::AppState;
use rex_api::parameter_values::encode;
use rex_api::problem::Problem;
use rex_api::query_string::{Query, UnknownParameters};

/// Maximum size of an example answer in bytes, and the number of lines shown.
const MAX_ANSWER: usize = 1 << 20;
const MAX_LINES: usize = 40;

/// The operations in reading order, with their examples. `ID`, `THEME` and `WORD` are replaced by values of the corpus.
const OPERATIONS: [(&str, &str); 9] = [
    (
        "/v1/search",
        "/v1/search?q=WORD&par_page=1&facettes=theme,montant&maxi=3",
    ),
    ("/v1/cases/{id}", "/v1/cases/ID"),
    ("/v1/cases/{id}/similar", "/v1/cases/ID/similar?limite=1"),
    ("/v1/suggest", "/v1/suggest?q=WORD&limite=3"),
    ("/v1/facets/{facet}", "/v1/facets/theme?q=THEME&maxi=3"),
    ("/v1/export.csv", "/v1/export.csv?q=WORD&par_page=2"),
    ("/v1/feed.atom", "/v1/feed.atom?q=WORD&par_page=1"),
    ("/health", "/health"),
    ("/ready", "/ready"),
];

/// The page. `router` builds the router that answers the examples.
pub(crate) async fn docs(
    router: fn(AppState) -> Router,
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Response {
    match page(router, &state, &headers).await {
        Ok(page) => page,
        Err(error) => problem(&state, &error),
    }
}

async fn page(router: fn(AppState) -> Router, state: &AppState, headers: &HeaderMap) -> Result<Response, Problem> {
    let sample = Sample::of(state).await?;
    let document = serde_json::to_value(ApiDoc::openapi()).map_err(|error| {
        tracing::error!(%error, "failed to serialize the OpenAPI document");
        Problem::Internal
    })?;
    let router = router(state.without_search_log());
    let mut operations = Vec::with_capacity(OPERATIONS.len());
    for (path, example) in OPERATIONS {
        let address = sample.fill(example);
        let answer = answer(router.clone(), headers, &address).await;
        operations.push(OperationView::new(
            path,
            &document["paths"][path]["get"],
            address,
            answer,
        ));
    }
    let page = DocsPage {
        layout: Layout {
            canonical: Some(format!("{}/v1/docs", base_address(state.site(), headers))),
            ..Layout::new(state.site(), "API")
        },
        operations,
    };
    // The script sends the examples that visitors edit.
    Ok(scripted(html(StatusCode::OK, &page)))
}

/// Corpus values for the examples.
struct Sample {
    id: String,
    theme: String,
    word: String,
}

impl Sample {
    async fn of(state: &AppState) -> Result<Self, Problem> {
        let raw = "par_page=1&facettes=theme&maxi=1";
        let request = Query::decode(raw)?.request(UnknownParameters::Refuse)?;
        let found = state.search(request).await?;
        let theme = found.facets.into_iter().find_map(|(_, counts)| match counts {
            FacetCounts::Terms { values, .. } => values.into_iter().next().map(|value| value.value),
            _ => None,
        });
        let hit = found.hits.into_iter().next();
        let theme = theme.unwrap_or_default();
        Ok(Self {
            word: if theme.is_empty() {
                "insertion".to_owned()
            } else {
                theme.clone()
            },
            theme: theme.chars().take(5).collect(),
            id: hit.map_or_else(|| "id".to_owned(), |hit| hit.record.id.clone()),
        })
    }

    fn fill(&self, example: &str) -> String {
        example
            .replace("ID", &encode(&self.id))
            .replace("THEME", &encode(&self.theme))
            .replace("WORD", &encode(&self.word))
    }
}

/// The status and the start of the body that the server answers to an address.
async fn answer(router: Router, headers: &HeaderMap, address: &str) -> (u16, String) {
    let Ok(mut request) = Request::get(address).body(Body::empty()) else {
        return (400, String::new());
    };
    // Absolute addresses in the answer depend on them.
    for name in [header::HOST, FORWARDED_PROTO] {
        if let Some(value) = headers.get(&name) {
            request.headers_mut().insert(name, value.clone());
        }
    }
    // The error type of the router is `Infallible`.
    let Ok(response) = router.oneshot(request).await;
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), MAX_ANSWER).await.unwrap_or_default();
    let text = by_lines(&body).unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned());
    (status, beginning(&text))
}

/// Pretty-prints JSON with its key order kept; `None` for other content.
fn by_lines(json: &[u8]) -> Option<String> {
    let mut lines = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(json);
    serde_transcode::transcode(&mut reader, &mut serde_json::Serializer::pretty(&mut lines)).ok()?;
    String::from_utf8(lines).ok()
}

/// The first lines of a text.
fn beginning(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().take(MAX_LINES + 1).collect();
    if lines.len() > MAX_LINES {
        lines[MAX_LINES] = "…";
    }
    lines.join("\n")
}

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage<'a> {
    layout: Layout<'a>,
    operations: Vec<OperationView>,
}

struct OperationView {
    path: &'static str,
    anchor: String,
    /// HTML.
    summary: String,
    parameters: Vec<ParameterView>,
    responses: Vec<(String, String)>,
    example: String,
    status: u16,
    answer: String,
}

struct ParameterView {
    name: String,
    is_in_path: bool,
    kind: String,
    /// HTML.
    description: String,
}

impl OperationView {
    /// An operation of the OpenAPI document.
    fn new(path: &'static str, operation: &Value, example: String, (status, answer): (u16, String)) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let responses = operation["responses"].as_object().into_iter().flatten();
        let summary = [&operation["summary"], &operation["description"]]
            .map(text)
            .join("\n\n");
        Self {
            path,
            anchor: text(&operation["operationId"]),
            summary: markdown::to_html(&summary, 0),
            parameters: parameters.map(ParameterView::new).collect(),
            responses: responses
                .map(|(status, response)| (status.clone(), text(&response["description"])))
                .collect(),
            example,
            status,
            answer,
        }
    }
}

impl ParameterView {
    fn new(parameter: &Value) -> Self {
        let schema = &parameter["schema"];
        let kind = match schema["enum"].as_array() {
            Some(values) => {
                let names: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                format!("one of {}", names.join(", "))
            }
            None => match (schema["type"].as_str(), &schema["minimum"], &schema["maximum"]) {
                (Some("array"), ..) => "text, repeatable".to_owned(),
                (_, Value::Number(least), Value::Number(most)) => format!("number, {least} to {most}"),
                _ => match &schema["maxLength"] {
                    Value::Number(most) => format!("text, at most {most} characters"),
                    _ => "text".to_owned(),
                },
            },
        };
        Self {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            is_in_path: parameter["in"] == "path",
            kind,
            description: markdown::to_html(parameter["description"].as_str().unwrap_or_default(), 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_example() {
        let document = serde_json::to_value(ApiDoc::openapi()).unwrap();
        let mut described: Vec<&str> = document["paths"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let mut shown: Vec<&str> = OPERATIONS.iter().map(|(path, _)| *path).collect();
        described.sort_unstable();
        shown.sort_unstable();
        assert_eq!(shown, described);
    }

    #[test]
    fn json_keeps_the_order_of_its_keys() {
        assert_eq!(
            by_lines(b"{\"b\":1,\"a\":[]}").as_deref(),
            Some("{\n  \"b\": 1,\n  \"a\": []\n}")
        );
        assert_eq!(by_lines("\u{feff}id;titre".as_bytes()), None);
    }

    #[test]
    fn a_long_answer_is_cut_at_a_line() {
        assert_eq!(beginning("a\nb"), "a\nb");
        let long = beginning(&"x\n".repeat(100));
        assert_eq!(long.lines().count(), MAX_LINES + 1);
        assert!(long.ends_with('…'));
    }
}
