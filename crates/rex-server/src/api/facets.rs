//! Facet value search.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::body::json;
use super::parameters::FacetParameters;
use crate::http::problem::HttpProblem;
use crate::search::app_state::AppState;
use rex_api::facet_values_json::{FacetValues, facet_of};
use rex_api::problem::ProblemJson;
use rex_api::query_string::Query;

/// The values of one facet under the current search, by any part of them: accents, capitals and typing errors aside.
#[utoipa::path(
    get,
    path = "/v1/facets/{facet}",
    operation_id = "facet",
    params(FacetParameters),
    responses(
        (status = 200, description = "The values found; none where no case has one that holds the words", body = FacetValues),
        (status = 400, description = "A parameter is unknown or wrong", body = ProblemJson, content_type = "application/problem+json"),
        (status = 414, description = "The address is longer than 16,384 bytes", body = ProblemJson, content_type = "application/problem+json"),
        (status = 404, description = "No facet of values has this name", body = ProblemJson, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn facet(
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
) -> Result<Response, HttpProblem> {
    let facet = facet_of(&name.map_or_else(|_| String::new(), |Path(name)| name))?;
    let (request, query) = Query::decode(raw.as_deref().unwrap_or_default())?.facet_request(facet)?;
    let request = state.resolve(request).await?;
    let found = state.facet_values(request, query.clone()).await?;
    json(&FacetValues::new(&query, state.generation().to_owned(), &found))
}
