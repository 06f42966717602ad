//! The OpenAPI document, built from the handlers and the types they answer with.

use axum::response::Response;
use utoipa::openapi::header::Header;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref};
use utoipa::{Modify, OpenApi};

use super::body::json;
use crate::http::problem::HttpProblem;

/// The OpenAPI document, derived from the handlers and the response types.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rex",
        description = "Search over case studies of French public procurement."
    ),
    paths(
        super::search::search,
        super::facets::facet,
        super::export::export,
        super::feed::feed,
        super::suggest::suggest,
        super::case::case,
        super::similar::similar,
        super::health::health,
        super::health::ready
    ),
    modifiers(&CommonResponses)
)]
pub struct ApiDoc;

/// Adds the responses that every address but `/health` may give.
struct CommonResponses;

impl Modify for CommonResponses {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let refusals = [
            ("429", "This client asks too fast"),
            ("503", "The server is busy, or a search took too long"),
        ];
        for (path, item) in &mut document.paths.paths {
            let Some(operation) = item.get.as_mut().filter(|_| path != "/health") else {
                continue;
            };
            for (status, description) in refusals {
                let seconds = Header::builder()
                    .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
                    .description(Some("Seconds"))
                    .build();
                let refusal = ResponseBuilder::new()
                    .description(description)
                    .header("Retry-After", seconds)
                    .content(
                        "application/problem+json",
                        Content::new(Some(Ref::from_schema_name("ProblemJson"))),
                    );
                let known = &mut operation.responses.responses;
                known.entry(status.to_owned()).or_insert_with(|| refusal.build().into());
            }
            let too_long = "The address and the headers are longer than 32,768 bytes together; there is no body";
            let too_long = ResponseBuilder::new().description(too_long).build();
            operation.responses.responses.insert("431".to_owned(), too_long.into());
        }
    }
}

pub(crate) async fn openapi() -> Result<Response, HttpProblem> {
    json(&ApiDoc::openapi())
}
